import csv
import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, astuple, dataclass, fields

import dagster as dg

from architecture_patterns.defs.composable_resources.reading import Reading
from architecture_patterns.defs.composable_resources.readings_asset import stored_readings
from architecture_patterns.defs.composable_resources.storage import Storage
from architecture_patterns.table_metadata import table_metadata

EXTREMES = "daily_extremes"

_HOURS_A_DAY = 24
_OBJECT = f"{EXTREMES}.csv"


@dataclass(frozen=True, slots=True)
class DailyExtremes:
    """The coldest and the warmest reading of a station on a UTC day, in degrees Celsius, of how many."""

    station: str
    day: str
    min_temp_c: float
    max_temp_c: float
    readings: int


_COLUMNS = [field.name for field in fields(DailyExtremes)]


def extremes_asset(spec: dg.AssetSpec) -> dg.AssetsDefinition:
    """One CSV object with a row for each station and day."""
    check = dg.AssetCheckSpec(
        "a_day_has_24_hours", asset=spec.key, description="No station has more than 24 readings on one day."
    )

    @dg.multi_asset(name=spec.key.to_python_identifier(), specs=[spec], check_specs=[check])
    def find_extremes(storage: Storage) -> dg.MaterializeResult:
        extremes = daily_extremes(stored_readings(storage))
        storage.write(_OBJECT, _csv(extremes))
        too_long = [f"{day.station} {day.day}" for day in extremes if day.readings > _HOURS_A_DAY]
        return dg.MaterializeResult(
            metadata={
                **table_metadata(len(extremes), _COLUMNS, (astuple(day) for day in extremes)),
                "location": storage.location(_OBJECT),
            },
            check_results=[
                dg.AssetCheckResult(check_name=check.name, passed=not too_long, metadata={"too_long": too_long})
            ],
        )

    return find_extremes


def daily_extremes(readings: Iterable[Reading]) -> list[DailyExtremes]:
    """The extremes by station and day; of two readings for one instant the later one counts."""
    days: defaultdict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for reading in readings:
        days[reading.station, reading.observed_at[:10]][reading.observed_at] = round(reading.temp_c, 2)
    return [
        DailyExtremes(station, day, min(temps.values()), max(temps.values()), len(temps))
        for (station, day), temps in sorted(days.items())
    ]


def _csv(extremes: Iterable[DailyExtremes]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(asdict(day) for day in extremes)
    return text.getvalue().encode()


def stored_extremes(storage: Storage) -> list[DailyExtremes]:
    """The extremes that the storage holds."""
    rows = csv.DictReader(io.StringIO(storage.read(_OBJECT).decode(), newline=""))
    return [
        DailyExtremes(
            row["station"], row["day"], float(row["min_temp_c"]), float(row["max_temp_c"]), int(row["readings"])
        )
        for row in rows
    ]
