"""The shop's location, run as a whole: a year of files, the same again, then what a month of life brings.

Three real runs of the location's definitions on DuckDB; the tests look at what each of them left.
"""

import csv
import functools
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
import snowflake_medallion
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.local_paths import LocalPaths

from tests.deployments import LOCAL

SAMPLE = Path(__file__).parents[2] / "code_locations" / "snowflake_medallion" / "sample_data" / "shop"
YEAR_SENT_AT = datetime(2019, 9, 1, 4, tzinfo=UTC)
BATCH_SENT_AT = datetime(2019, 9, 15, 4, tzinfo=UTC)

PHILADELPHIA = "a4b2b770-b052-428a-a4f4-090f6c281788"
BROOKLYN = "88ca8def-221d-4178-8b7c-0982a30c4f2e"
TIMOTHY = "1856b474-3c1b-45f3-85fa-62b29451b448"
ELIZABETH = "ce2abba4-424b-4f09-82b5-d0c99b76393d"
DAVID = "769a2687-0927-491c-ac61-2349ff8863c9"
HEATHER = "09a77de2-18ba-4d90-ab90-06d42a278961"
CORRECTED = "7bb15011-db78-47b7-a021-10c2d19a16b7"
REPEATED = "cae9e2c7-ed57-4549-ae4d-b9dfc1924a0d"

BATCH = {
    "orders/orders_2019_09.csv": [
        ["id", "customer", "ordered_at", "store_id", "subtotal", "tax_paid", "order_total"],
        # Was 2800, 168, 2968.
        [CORRECTED, TIMOTHY, "2018-09-01T12:58:00", PHILADELPHIA, "3000", "180", "3180"],
        # Late: for a day before the store's first sale. David's 52nd order.
        ["late-1", DAVID, "2019-03-11T09:30:00", BROOKLYN, "500", "20", "520"],
        ["late-1", DAVID, "2019-03-11T09:30:00", BROOKLYN, "500", "20", "520"],
        # A duplicate of what is there, then a correction that cannot be read.
        [REPEATED, ELIZABETH, "2018-09-01T09:25:00", PHILADELPHIA, "600", "36", "636"],
        [REPEATED, ELIZABETH, "2018-09-01T09:25:00", PHILADELPHIA, "7OO", "42", "742"],
        # A new day, one later than any before. Heather's 12th order.
        ["new-1", HEATHER, "2019-09-01T09:00:00", PHILADELPHIA, "1000", "60", "1060"],
    ],
    "orders/orders_2019_10.csv": [
        ["id", "customer", "ordered_at", "subtotal", "tax_paid", "order_total"],
        ["new-2", HEATHER, "2019-10-01T09:00:00", "1000", "60", "1060"],
    ],
    "customers/customers_2019_09.csv": [
        ["id", "name"],
        [TIMOTHY, "Timothy Waller-Stone"],
        [ELIZABETH, "  Elizabeth Ford "],
        ["customer-new", "Nora New"],
    ],
}

# Freshness takes another dbt process, and the first run has looked at it.
_WITHOUT_FRESHNESS = ["shop_raw_load", "shop_dbt_build"]

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stage:
    """What one run left: its events, and the rows of every table by `schema.table`."""

    success: bool
    metadata: Mapping[str, Mapping[str, dg.MetadataValue]]
    checks: Mapping[tuple[str, str], dg.AssetCheckEvaluation]
    tables: Mapping[str, list[Row]]


@dataclass(frozen=True, slots=True)
class Story:
    """The runs in their order."""

    paths: LocalPaths
    definitions: dg.Definitions
    year: Stage
    again: Stage
    batch: Stage


@functools.cache
def tell(root: Path) -> Story:
    """The story, told once for a folder."""
    paths = LocalPaths(root, LOCAL)
    with pytest.MonkeyPatch.context() as environment:
        for variable in EnvironmentVariable:
            environment.delenv(variable, raising=False)
        environment.setenv(EnvironmentVariable.PLATFORM_LOCAL_ROOT, str(root))
        _leave_old_manifests(paths.dbt_state)
        land_year(paths.landing / "shop")
        definitions = _shop()
        year = _run(definitions, paths, [])
        again = _run(definitions, paths, _WITHOUT_FRESHNESS)
        land_batch(paths.landing / "shop")
        return Story(paths, definitions, year, again, _run(definitions, paths, _WITHOUT_FRESHNESS))


def _shop() -> dg.Definitions:
    """What the shop's own `defs.yaml` declares, without the location's other domains."""
    package = Path(snowflake_medallion.__file__).parent
    return dg.ComponentTree.for_project(package).build_defs_at_path("shop")


def _leave_old_manifests(state: Path) -> None:
    for number in range(5):
        (state / f"duckdb-old{number}").mkdir(parents=True)
    (state / "snowflake-old").mkdir()


def land_year(landing: Path) -> None:
    """Land the sample files, as sent on the morning after the last order."""
    shutil.copytree(SAMPLE, landing)
    for file in landing.rglob("*.csv*"):
        _date(file, YEAR_SENT_AT)


def land_batch(landing: Path) -> None:
    """Land what a month of life brings, as sent two weeks later."""
    for name, lines in BATCH.items():
        with (landing / name).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(lines)
        _date(landing / name, BATCH_SENT_AT)


def _date(file: Path, moment: datetime) -> None:
    os.utime(file, (moment.timestamp(), moment.timestamp()))


def _run(definitions: dg.Definitions, paths: LocalPaths, ops: list[str]) -> Stage:
    job = definitions.resolve_implicit_global_asset_job_def()
    result = job.execute_in_process(raise_on_error=False, op_selection=ops or None)
    materialised = (event.materialization for event in result.get_asset_materialization_events())
    checks = result.get_asset_check_evaluations()
    return Stage(
        success=result.success,
        metadata={event.asset_key.to_user_string(): event.metadata for event in materialised},
        checks={(check.asset_key.to_user_string(), check.check_name): check for check in checks},
        tables=_tables(paths.raw_database) | _tables(paths.analytics_database),
    )


def _tables(database: Path) -> dict[str, list[Row]]:
    with duckdb.connect(database, read_only=True) as connection:
        names = connection.execute("select table_schema, table_name from information_schema.tables").fetchall()
        return {f"{schema}.{name}": _rows(connection, f'"{schema}"."{name}"') for schema, name in names}


def _rows(connection: duckdb.DuckDBPyConnection, table: str) -> list[Row]:
    found = connection.table(table)
    return [dict(zip(found.columns, row, strict=True)) for row in found.order("all").fetchall()]
