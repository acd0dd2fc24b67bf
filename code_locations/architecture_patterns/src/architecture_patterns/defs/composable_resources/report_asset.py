from collections.abc import Sequence

import dagster as dg

from architecture_patterns.defs.composable_resources.extremes_asset import DailyExtremes, stored_extremes
from architecture_patterns.defs.composable_resources.storage import Storage

REPORT = "climate_report"

_OBJECT = f"{REPORT}.md"


def report_asset(spec: dg.AssetSpec) -> dg.AssetsDefinition:
    """A Markdown page for people."""
    check = dg.AssetCheckSpec(
        "report_reads_back", asset=spec.key, description="The storage returns the page that was stored."
    )

    @dg.multi_asset(name=spec.key.to_python_identifier(), specs=[spec], check_specs=[check])
    def write_report(storage: Storage) -> dg.MaterializeResult:
        extremes = stored_extremes(storage)
        stations = sorted({day.station for day in extremes})
        report = climate_report(stations, extremes)
        storage.write(_OBJECT, report.encode())
        return dg.MaterializeResult(
            metadata={
                "dagster/row_count": len(stations),
                "preview": dg.MetadataValue.md(report),
                "location": storage.location(_OBJECT),
            },
            check_results=[dg.AssetCheckResult(check_name=check.name, passed=storage.read(_OBJECT).decode() == report)],
        )

    return write_report


def climate_report(stations: Sequence[str], extremes: Sequence[DailyExtremes]) -> str:
    """The coldest and the warmest day of each station; of equal days the earliest."""
    lines = ["| station | days | coldest day | °C | warmest day | °C |", "| --- | --- | --- | --- | --- | --- |"]
    for station in stations:
        days = [day for day in extremes if day.station == station]
        coldest, warmest = min(days, key=lambda day: day.min_temp_c), max(days, key=lambda day: day.max_temp_c)
        cells = (station, len(days), coldest.day, coldest.min_temp_c, warmest.day, warmest.max_temp_c)
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines) + "\n"
