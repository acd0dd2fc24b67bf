"""Weather files as a station would send them, and what they mean, worked out by plain arithmetic."""

import csv
import gzip
import io
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

CHECKOUT = Path(__file__).parents[3]
LOCATION = CHECKOUT / "code_locations" / "databricks_delta"
SHIPPED_FILES = LOCATION / "sample_data" / "weather"

COLUMNS = (
    *("origin", "year", "month", "day", "hour", "temp", "dewp", "humid", "wind_dir"),
    *("wind_speed", "wind_gust", "precip", "pressure", "visib", "time_hour"),
)

type Reading = dict[str, str]


def reading(station: str, at: datetime | str, **values: str) -> Reading:
    """An unremarkable reading, with the values that matter to a test put in."""
    when = at if isinstance(at, str) else f"{at:%Y-%m-%dT%H:%M:%SZ}"
    ordinary = dict.fromkeys(COLUMNS, "NA") | {"year": "2013", "month": "1", "day": "1", "hour": "1"}
    weather = {"temp": "50", "dewp": "41", "humid": "71.5", "wind_dir": "270", "wind_speed": "10", "precip": "0"}
    rest = {"origin": station, "pressure": "1015.2", "visib": "10", "time_hour": when}
    return ordinary | weather | rest | values


def utc(year: int, month: int, day: int, hour: int) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


def csv_text(readings: Iterable[Reading], columns: Iterable[str] = COLUMNS) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns), extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(readings)
    return text.getvalue()


def gzipped(text: str) -> bytes:
    return gzip.compress(text.encode("utf-8"), mtime=0)


def shipped_readings() -> list[Reading]:
    """Every row of the shipped files, as text, in the order of the files."""
    rows: list[Reading] = []
    for path in sorted(SHIPPED_FILES.glob("*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            rows.extend(csv.DictReader(file))
    return rows
