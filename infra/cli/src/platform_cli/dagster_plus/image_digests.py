import json
import re
from collections.abc import Mapping

from platform_contract.errors import ContractError

from platform_cli.dagster_plus.image_repository import CONFIGURATION, ImageRepository

_DIGEST = re.compile("sha256:[0-9a-f]{64}")

type Digests = Mapping[str, str]
"""The digest of each location's image, by the location's name."""


def as_text(digests: Digests) -> str:
    """One line that `parse_digests` reads again."""
    return json.dumps(digests, separators=(",", ":"))


def parse_digests(text: str, repository: ImageRepository) -> Digests:
    """What `platform images` printed.

    Raises:
        ContractError: for anything but a digest for each location of `dagster_cloud.yaml`.
    """
    digests = _object(text)
    if set(digests) != set(repository.locations):
        raise ContractError(
            f"the images are of {', '.join(sorted(digests)) or 'nothing'}, and the locations of {CONFIGURATION} are "
            f"{', '.join(sorted(repository.locations))}: give what `platform images` printed for this commit"
        )
    for location, digest in digests.items():
        if not _DIGEST.fullmatch(str(digest)):
            raise ContractError(f"the image of {location} is {digest!r}, which is no digest: sha256:<64 hexadecimals>")
    return digests


def _object(text: str) -> dict[str, str]:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise ContractError(f"the images are no JSON ({error}): give what `platform images` printed") from None
    if not isinstance(found, dict):
        raise ContractError("the images are no JSON object: give what `platform images` printed")
    return found
