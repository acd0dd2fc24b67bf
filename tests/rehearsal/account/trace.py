"""What a rehearsal asked of the clouds, and what became of it, in words that are the same in every deployment."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from platform_contract.deployment import Deployment

_SUCCEEDED = "succeeded"
# What is another in every run, and says nothing: identities, hashes, moments, folders of this machine.
_PARTICULAR = (
    (re.compile(r"/\*.*?\*/", re.DOTALL), ""),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", re.IGNORECASE), "<id>"),
    (re.compile(r"[0-9a-f]{16,}", re.IGNORECASE), "<hash>"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?"), "<moment>"),
    (re.compile(r"file://\S*/"), "file://<folder>/"),
    (re.compile(r"\b\d{10,}\b"), "<number>"),
    (re.compile(r"\s+"), " "),
)


@dataclass(frozen=True, slots=True, order=True)
class Call:
    """Something that was asked of a cloud: `place` says of which part, `outcome` what it was answered."""

    place: str
    text: str
    outcome: str


def call(place: str, text: str, error: str | None, deployment: Deployment) -> Call:
    """A call without what is particular to the deployment and the moment.

    Args:
        place: such as `snowflake` or `databricks`.
        text: the statement, or what names the object.
        error: what it was refused with, None where it succeeded.
        deployment: whose names stand in it.
    """
    outcome = _SUCCEEDED if not error else _general(error.splitlines()[0], deployment)
    return Call(place, _general(text, deployment), outcome)


def _general(text: str, deployment: Deployment) -> str:
    number = str(deployment.pull_request)
    text = re.sub(rf"(?i)(pr[_-]){number}\b", r"\g<1>n", text)
    for particular, general in _PARTICULAR:
        text = particular.sub(general, text)
    return text.strip().casefold()


def differences(expected: Iterable[Call], found: Iterable[Call]) -> list[str]:
    """A line for each call that was answered otherwise, or that one side alone has; how often does not count."""
    by_text = [_outcomes(expected), _outcomes(found)]
    lines = []
    for place, text in sorted(by_text[0].keys() | by_text[1].keys()):
        stood_in, real = (side.get((place, text)) for side in by_text)
        if stood_in != real:
            lines.append(f"{place}: {text[:300]}\n    stand-in: {_told(stood_in)}\n    account:  {_told(real)}")
    return lines


def _outcomes(calls: Iterable[Call]) -> dict[tuple[str, str], frozenset[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for one in calls:
        found.setdefault((one.place, one.text), set()).add(one.outcome)
    return {key: frozenset(outcomes) for key, outcomes in found.items()}


def _told(outcomes: frozenset[str] | None) -> str:
    return "never asked" if outcomes is None else "; ".join(sorted(outcomes))


def count(calls: Iterable[Call]) -> Mapping[str, int]:
    """How many calls each place got."""
    return Counter(one.place for one in calls)


def write(file: Path, calls: Iterable[Call]) -> None:
    """Keep a trace, to compare another with."""
    file.parent.mkdir(parents=True, exist_ok=True)
    content = [asdict(one) for one in sorted(set(calls))]
    file.write_text(json.dumps(content, indent=0), encoding="utf-8")


def read(file: Path) -> list[Call]:
    """A trace that was kept."""
    content: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return [Call(**one) for one in content]
