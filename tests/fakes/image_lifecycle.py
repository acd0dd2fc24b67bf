"""What a lifecycle policy of Amazon ECR takes from a repository, night by night.

docs.aws.amazon.com, Amazon ECR user guide: "Lifecycle policy properties". A rule takes what it names and nothing that
this lists: an index that goes leaves its members, which no tag names (github.com/aws/containers-roadmap, 1466). Whether
a member may go before its index, sources tell differently (as above, 2613; github.com/DefangLabs/pulumi-defang, 466).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a repository keeps: its tags, the day on which it was pushed, and what it lists."""

    name: str
    tags: tuple[str, ...]
    pushed: int
    members: tuple[str, ...]


def built_image(tag: str, pushed: int) -> list[Manifest]:
    """What `docker buildx build --sbom --provenance --push` leaves: docs.docker.com, "Attestation storage"."""
    members = (f"{tag} linux/amd64", f"{tag} attestations")
    return [Manifest(tag, (tag,), pushed, members), *(Manifest(one, (), pushed, ()) for one in members)]


def kept(
    policy: Mapping[str, Any], manifests: list[Manifest], nights: range, *, spares_members: bool
) -> list[Manifest]:
    """What is there after those nights.

    Args:
        policy: the rules.
        manifests: what was there before.
        nights: their days.
        spares_members: whether what an index lists stays as long as that is there.
    """
    for night in nights:
        spared = {member for one in manifests for member in one.members} if spares_members else set()
        manifests = [one for one in manifests if one.name in spared or not _taken(policy, one, night)]
    return manifests


def _taken(policy: Mapping[str, Any], manifest: Manifest, today: int) -> bool:
    rules = sorted(policy["rules"], key=lambda rule: rule["rulePriority"])
    first = next((rule for rule in rules if _is_about(rule["selection"], manifest)), None)
    return first is not None and today - manifest.pushed > _days(first)


def _is_about(selection: Mapping[str, Any], manifest: Manifest) -> bool:
    match selection["tagStatus"]:
        case "untagged":
            return not manifest.tags
        case "tagged":
            patterns = selection["tagPatternList"]
            return any(fnmatch(tag, pattern) for tag in manifest.tags for pattern in patterns)
        case other:
            raise ValueError(f"a rule about {other} is not known here")


def _days(rule: Mapping[str, Any]) -> int:
    selection = rule["selection"]
    counted = (rule["action"]["type"], selection["countType"], selection["countUnit"])
    if counted != ("expire", "sinceImagePushed", "days"):
        raise ValueError(f"a rule of {counted} is not known here")
    return selection["countNumber"]
