"""All four patterns in one run over the shipped data, against results worked out here with csv and plain arithmetic."""

import csv
import gzip
import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import dagster as dg
import duckdb
import pytest
from architecture_patterns.definitions import defs as location
from deltalake import DeltaTable
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.local_paths import LocalPaths

from tests.code_locations.architecture_patterns.pattern_run import PatternRun, run
from tests.deployments import LOCAL

pytestmark = pytest.mark.slow

CHECKOUT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Year:
    """Two runs, one after the other, on the same stores and the same Dagster instance."""

    paths: LocalPaths
    first: PatternRun
    second: PatternRun


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    root = tmp_path_factory.mktemp("year")
    paths = LocalPaths(root, LOCAL)
    for sample in CHECKOUT.glob("code_locations/*/sample_data"):
        shutil.copytree(sample, paths.landing, dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as environment, dg.DagsterInstance.ephemeral() as instance:
        for variable in EnvironmentVariable:
            environment.delenv(variable, raising=False)
        environment.setenv("PLATFORM_LOCAL_ROOT", str(root))
        defs = location()
        yield Year(paths, run(defs, instance), run(defs, instance))


def landed_rows(paths: LocalPaths, source: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    for path in sorted((paths.landing / source).glob("*.csv*")):
        content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        rows += csv.DictReader(content.decode().splitlines())
    return rows


def revenue(paths: LocalPaths, pattern: str) -> list[tuple[object, ...]]:
    with duckdb.connect(paths.patterns / pattern / "warehouse.duckdb", read_only=True) as connection:
        return connection.sql("select * from gold.monthly_store_revenue order by month, store_id").fetchall()


def test_every_asset_and_check_succeeds_twice_and_nothing_is_added(year: Year) -> None:
    assert year.first.success
    assert year.second.success
    assert all(year.first.checks.values())
    assert len(year.first.checks) == 14
    assert year.second.row_counts == year.first.row_counts
    assert year.first.row_counts["elt_pipeline/raw_orders"] == 71_350
    assert year.first.row_counts["lakehouse_pipeline/bronze_readings"] == 26_115
    assert year.first.row_counts["lakehouse_pipeline/rejected_readings"] == 1


def test_etl_and_elt_come_to_the_same_revenue(year: Year) -> None:
    names = {row["id"]: row["name"] for row in landed_rows(year.paths, "shop/stores")}
    cents: defaultdict[tuple[date, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in landed_rows(year.paths, "shop/orders"):
        month = date(int(row["ordered_at"][:4]), int(row["ordered_at"][5:7]), 1)
        for position, amount in enumerate((1, int(row["subtotal"]), int(row["tax_paid"]))):
            cents[month, row["store_id"]][position] += amount
    expected = [
        (month, store, names[store], orders, Decimal(subtotal) / 100, Decimal(tax) / 100)
        for (month, store), (orders, subtotal, tax) in sorted(cents.items())
    ]
    assert sum(row[4] + row[5] for row in expected) == Decimal("787590.73")
    assert revenue(year.paths, "etl_pipeline") == expected
    assert revenue(year.paths, "elt_pipeline") == expected


def test_the_climate_of_every_station_and_month(year: Year) -> None:
    groups: defaultdict[tuple[str, date], list[dict[str, str]]] = defaultdict(list)
    for row in landed_rows(year.paths, "weather"):
        if row["wind_speed"] == "NA" or float(row["wind_speed"]) < 1000:
            groups[row["origin"], date(int(row["time_hour"][:4]), int(row["time_hour"][5:7]), 1)].append(row)
    table = DeltaTable(year.paths.patterns / "lakehouse_pipeline" / "gold_monthly_climate").to_pyarrow_table()
    climate = {(row["station"], row["month"]): row for row in table.to_pylist()}
    assert climate.keys() == groups.keys()
    assert len(climate) == 36
    for key, rows in groups.items():
        temps = [(float(row["temp"]) - 32) * 5 / 9 for row in rows if row["temp"] != "NA"]
        rain = sum(float(row["precip"]) * 25.4 for row in rows if row["precip"] != "NA")
        found = climate[key]
        assert found["readings"] == len(rows)
        assert found["mean_temp_c"] == pytest.approx(sum(temps) / len(temps), abs=0.0051)
        assert found["min_temp_c"] == pytest.approx(min(temps), abs=0.0051)
        assert found["max_temp_c"] == pytest.approx(max(temps), abs=0.0051)
        assert found["precip_mm"] == pytest.approx(rain, abs=0.0051)


def test_the_extremes_of_every_station_and_day(year: Year) -> None:
    days: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for row in landed_rows(year.paths, "weather"):
        if row["temp"] != "NA":
            observed_at = datetime.strptime(row["time_hour"], "%Y-%m-%dT%H:%M:%SZ")  # noqa: DTZ007 - a day is all it gives
            days[row["origin"], observed_at.date().isoformat()].append((float(row["temp"]) - 32) * 5 / 9)
    path = year.paths.patterns / "composable_resources" / "daily_extremes.csv"
    with path.open(encoding="utf-8", newline="") as text:
        found = {(row["station"], row["day"]): row for row in csv.DictReader(text)}
    assert found.keys() == days.keys()
    assert len(found) == 1092
    for key, temps in days.items():
        assert float(found[key]["min_temp_c"]) == pytest.approx(min(temps), abs=0.0051)
        assert float(found[key]["max_temp_c"]) == pytest.approx(max(temps), abs=0.0051)
        assert int(found[key]["readings"]) == len(temps)
