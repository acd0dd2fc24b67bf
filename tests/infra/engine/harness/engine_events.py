import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_UNCHANGED = frozenset({"same", "read", "refresh"})


@dataclass(frozen=True, slots=True)
class Step:
    """Something the engine did to a resource, or would do: `create`, `update`, `replace`, `delete`, `same`, …"""

    operation: str
    token: str
    name: str


@dataclass(frozen=True, slots=True)
class EngineEvents:
    """What the engine itself reported of one run."""

    steps: tuple[Step, ...]
    failed: tuple[Step, ...]
    errors: tuple[str, ...]
    summary: dict[str, int]

    @property
    def changed(self) -> dict[str, int]:
        """How many resources had or would have something done to them, by what was done."""
        return {operation: count for operation, count in self.summary.items() if operation not in _UNCHANGED}


def read_events(log: Path) -> EngineEvents:
    """The events of a run that was given `--event-log`; none when it stopped before it had begun."""
    lines = log.read_text(encoding="utf-8").splitlines() if log.is_file() else []
    events = [json.loads(line) for line in lines]
    summaries = [event["summaryEvent"]["resourceChanges"] for event in events if "summaryEvent" in event]
    return EngineEvents(
        steps=tuple(_step(event["resourcePreEvent"]) for event in events if "resourcePreEvent" in event),
        failed=tuple(_step(event["resOpFailedEvent"]) for event in events if "resOpFailedEvent" in event),
        errors=tuple(_errors(events)),
        summary=dict(sum(map(Counter, summaries), Counter[str]())),
    )


def _step(event: dict[str, Any]) -> Step:
    metadata = event["metadata"]
    return Step(metadata["op"], metadata["type"], metadata["urn"].rpartition("::")[2])


def _errors(events: list[dict[str, Any]]) -> list[str]:
    reported = (event["diagnosticEvent"] for event in events if "diagnosticEvent" in event)
    return [diagnostic["message"] for diagnostic in reported if diagnostic["severity"] == "error"]
