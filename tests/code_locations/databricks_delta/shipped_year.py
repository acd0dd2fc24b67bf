"""One run over the shipped year, made once for all tests that look at it."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg

from tests.code_locations.databricks_delta.lakehouse_under_test import (
    ABOVE_BRONZE,
    BRONZE,
    SHIPPED_DEFS,
    evaluations,
    lakehouse_under_test,
    materialised,
)
from tests.code_locations.databricks_delta.readings import SHIPPED_FILES


@dataclass(frozen=True)
class ShippedYear:
    """What two runs over the whole location left and recorded.

    Attributes:
        tables: every row of every table, after the first run.
        metadata: of the first run's materialisations, by table and partition.
        checks: of the first run.
        counts_after_second_run: rows by table.
        bronze_after_second_run: metadata of bronze's second materialisation.
    """

    tables: dict[str, list[dict[str, Any]]]
    metadata: dict[str, dict[str | None, dict[str, Any]]]
    checks: dict[str, dg.AssetCheckEvaluation]
    counts_after_second_run: dict[str, int]
    bronze_after_second_run: dict[str, Any]


def run_shipped_year(local_root: Path) -> ShippedYear:
    """Land the shipped files and run the location twice; the environment names the root already."""
    with lakehouse_under_test(local_root, SHIPPED_DEFS) as weather:
        shutil.copytree(SHIPPED_FILES, weather.paths.landing / "weather")
        first = weather.run_all()
        tables = {table: weather.rows(table) for table in (BRONZE, *ABOVE_BRONZE)}
        second = weather.run_all()
        return ShippedYear(
            tables=tables,
            metadata={table: materialised(first, weather.key(table)) for table in tables},
            checks=evaluations(first),
            counts_after_second_run=weather.counts(),
            bronze_after_second_run=materialised(second, weather.key(BRONZE))[None],
        )
