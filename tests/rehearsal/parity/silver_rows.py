"""Silver rows made to hurt: what the tables above must bear, whatever the rules below let through one day."""

import math
import random
from datetime import UTC, datetime, timedelta

import pyarrow as pa

_SEED = 20120229
_MEASURES = (
    *("temp_c", "dew_point_c", "humidity_pct", "wind_dir_deg", "wind_speed_ms", "wind_gust_ms", "precip_mm"),
    *("pressure_hpa", "visibility_km"),
)
_ODD = (None, 0.0, -0.0, 5e-324, 2.2250738585072014e-308, 1e-15, 0.1, 1e15, -1e15, math.nan)
_INFINITE = (math.inf, -math.inf)
_FIRST_DAY = datetime(2012, 12, 1, tzinfo=UTC)
_DAYS = 121


def silver_rows() -> pa.Table:
    """The rows, the same ones every time; some keys appear twice, as no key should."""
    generator = random.Random(_SEED)  # noqa: S311 - keeps no secret
    rows = [
        *(row for station in ("EWR", "JFK") for row in _hours(generator, station)),
        *_stuck("STUCK", 0.1),
        *_stuck("STUCK 33.3 °F", (33.3 - 32) * 5 / 9),
        *_alternating("EVEN"),
        *_sparse(generator, "Zürich ☃"),
        *_boundaries("EDGE"),
    ]
    rows += generator.sample(rows, 20)
    return pa.Table.from_pylist(rows, schema=_schema())


def _row(station: str, at: datetime, **measures: float | None) -> dict[str, object]:
    return {"station": station, "observed_at": at, **dict.fromkeys(_MEASURES), **measures, "_month": f"{at:%Y-%m}"}


def _hours(generator: random.Random, station: str) -> list[dict[str, object]]:
    """A few hours of each day, February 2013 empty but for its last day; odd values and far ones here and there."""
    rows = []
    for number in range(_DAYS * 24):
        at = _FIRST_DAY + timedelta(hours=number)
        if at.hour % 6 == 0 and (at.month != 2 or at.day == 28):
            measures: dict[str, float | None] = {name: generator.gauss(10, 3) for name in _MEASURES}
            measures["temp_c"] = generator.gauss(10, 3) + (generator.random() < 0.04) * 30
            if generator.random() < 0.15:
                measures[generator.choice(_MEASURES)] = generator.choice(_ODD)
            if generator.random() < 0.03:
                # No temperature: DuckDB has no standard deviation of infinite values, and silver's limits let none in.
                measures[generator.choice(_MEASURES[1:])] = generator.choice(_INFINITE)
            rows.append(_row(station, at, **measures))
    return rows


def _stuck(station: str, celsius: float) -> list[dict[str, object]]:
    """A sensor that gives one value for ever, and once another: nothing deviates until then."""
    days = [_FIRST_DAY + timedelta(days=number, hours=6) for number in range(_DAYS)]
    return [_row(station, day, temp_c=celsius if number != 90 else celsius + 1) for number, day in enumerate(days)]


def _alternating(station: str) -> list[dict[str, object]]:
    """Values whose mean is exact, and some that lie at 3 standard deviations as nearly as can be."""
    days = [_FIRST_DAY + timedelta(days=number, hours=3) for number in range(_DAYS)]
    return [
        _row(station, day, temp_c=10.0 + 2 * (number % 2) if number % 31 else 20.0, precip_mm=-0.0)
        for number, day in enumerate(days)
    ]


def _sparse(generator: random.Random, station: str) -> list[dict[str, object]]:
    """Every other day missing, values missing: 20 readings to compare with, or one too few."""
    rows = []
    for number in range(_DAYS):
        if generator.random() < 0.7:
            value = None if generator.random() < 0.1 else generator.uniform(-5, 5)
            rows.append(_row(station, _FIRST_DAY + timedelta(days=number, hours=12), temp_c=value))
    return rows


def _boundaries(station: str) -> list[dict[str, object]]:
    """Seconds on either side of midnight, of months, and of the 30 days themselves."""
    days = [datetime(2013, 1, 20, tzinfo=UTC) + timedelta(days=number) for number in range(40)]
    return [
        *(
            _row(station, day + timedelta(seconds=seconds), temp_c=number % 3 + 0.25 * seconds)
            for number, day in enumerate(days)
            for seconds in (-1, 0, 1)
        ),
        _row(station, datetime(2013, 2, 28, 23, 59, 59, tzinfo=UTC), temp_c=99.0),
        _row(station, datetime(2013, 3, 1, tzinfo=UTC), temp_c=99.0),
    ]


def _schema() -> pa.Schema:
    return pa.schema(
        [
            pa.field("station", pa.string()),
            pa.field("observed_at", pa.timestamp("us", tz="UTC")),
            *(pa.field(name, pa.float64()) for name in _MEASURES),
            pa.field("_month", pa.string()),
        ]
    )
