"""The tables as plain Python works them out from the files: the csv module and arithmetic, no SQL, none of our code."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from math import fsum, inf, sqrt

from tests.code_locations.databricks_delta.readings import Reading

type Values = dict[str, float | None]
type Silver = dict[tuple[str, datetime], Values]

_MILES_PER_HOUR = 0.44704


def silver(readings: Iterable[Reading]) -> Silver:
    """Accepted readings of files in which no key is given twice, in SI units."""
    table: Silver = {}
    for row in readings:
        values = _si(row)
        if not _implausible(values):
            table[row["origin"], _instant(row)] = values
    return table


def rejected(readings: Iterable[Reading]) -> list[Reading]:
    """Rows with an implausible value."""
    return [row for row in readings if _implausible(_si(row))]


def daily(table: Silver) -> dict[tuple[str, date], dict[str, float | None]]:
    """A station's UTC days."""
    days: dict[tuple[str, date], list[Values]] = defaultdict(list)
    for (station, at), values in table.items():
        days[station, at.date()].append(values)
    return {key: _day(values) for key, values in days.items()}


def anomalies(table: Silver) -> dict[tuple[str, datetime], dict[str, float]]:
    """Readings more than 3 standard deviations from the same hour of the 30 days before, of which at least 20 exist."""
    series: dict[tuple[str, int], list[tuple[datetime, float]]] = defaultdict(list)
    for (station, at), values in sorted(table.items()):
        if (temperature := values["temp_c"]) is not None:
            series[station, at.hour].append((at, temperature))
    found: dict[tuple[str, datetime], dict[str, float]] = {}
    for (station, _), readings in series.items():
        for index, (at, temperature) in enumerate(readings):
            window = [value for then, value in readings[:index] if then >= at - timedelta(days=30)]
            if (deviating := _deviation(temperature, window)) is not None:
                found[station, at] = deviating
    return found


def _deviation(temperature: float, window: list[float]) -> dict[str, float] | None:
    if len(window) < 20:
        return None
    mean = fsum(window) / len(window)
    deviation = sqrt(fsum((value - mean) ** 2 for value in window) / (len(window) - 1))
    if deviation <= 0 or abs(temperature - mean) <= 3 * deviation:
        return None
    return {
        "temp_c": temperature,
        "expected_temp_c": mean,
        "standard_deviation": deviation,
        "deviation_sigmas": (temperature - mean) / deviation,
    }


def _day(readings: list[Values]) -> dict[str, float | None]:
    temperatures = [value["temp_c"] for value in readings if value["temp_c"] is not None]
    rain = [value["precip_mm"] for value in readings if value["precip_mm"] is not None]
    wind = [value["wind_speed_ms"] for value in readings if value["wind_speed_ms"] is not None]
    pressures = [value["pressure_hpa"] for value in readings if value["pressure_hpa"] is not None]
    return {
        "readings": len(readings),
        "mean_temp_c": _mean(temperatures),
        "min_temp_c": min(temperatures, default=None),
        "max_temp_c": max(temperatures, default=None),
        "total_precip_mm": fsum(rain) if rain else None,
        "max_wind_speed_ms": max(wind, default=None),
        "mean_pressure_hpa": _mean(pressures),
        "completeness": len(readings) / 24,
    }


def _mean(values: list[float]) -> float | None:
    return fsum(values) / len(values) if values else None


def _si(row: Mapping[str, str]) -> Values:
    def scaled(column: str, factor: float) -> float | None:
        return None if row[column] == "NA" else float(row[column]) * factor

    def celsius(column: str) -> float | None:
        return None if row[column] == "NA" else (float(row[column]) - 32) / 1.8

    return {
        "temp_c": celsius("temp"),
        "dew_point_c": celsius("dewp"),
        "humidity_pct": scaled("humid", 1),
        "wind_dir_deg": scaled("wind_dir", 1),
        "wind_speed_ms": scaled("wind_speed", _MILES_PER_HOUR),
        "wind_gust_ms": scaled("wind_gust", _MILES_PER_HOUR),
        "precip_mm": scaled("precip", 25.4),
        "pressure_hpa": scaled("pressure", 1),
        "visibility_km": scaled("visib", 1.609344),
    }


def _implausible(values: Values) -> bool:
    limits = {
        "wind_speed_ms": (-inf, 113),
        "wind_gust_ms": (-inf, 113),
        "humidity_pct": (0, 100),
        "temp_c": (-60, 60),
        "pressure_hpa": (870, 1085),
    }
    return any(not low <= value <= high for name, (low, high) in limits.items() if (value := values[name]) is not None)


def _instant(row: Mapping[str, str]) -> datetime:
    return datetime.strptime(row["time_hour"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
