import math
from dataclasses import dataclass
from datetime import UTC, datetime

from architecture_patterns.landed import SourceRow

_MISSING = "NA"


@dataclass(frozen=True, slots=True)
class Reading:
    """A temperature in degrees Celsius at an instant, as ISO 8601 in UTC."""

    station: str
    observed_at: str
    temp_c: float


@dataclass(frozen=True, slots=True)
class RejectedReading:
    """A row that cannot be read: where it stands, and why."""

    file: str
    line: int
    reason: str


def read_reading(row: SourceRow) -> Reading | RejectedReading | None:
    """A reading from its row, the reason why it is none, or None where the station measured nothing."""
    observed_at, fahrenheit = _instant(row.values["time_hour"]), _number(row.values["temp"])
    if observed_at is None:
        return RejectedReading(row.file, row.line, f"time_hour is not a timestamp: {row.values['time_hour']}")
    if row.values["temp"] == _MISSING:
        return None
    if fahrenheit is None:
        return RejectedReading(row.file, row.line, f"temp is not a number: {row.values['temp']}")
    return Reading(row.values["origin"], observed_at.isoformat(), (fahrenheit - 32) / 1.8)


def _instant(text: str) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
