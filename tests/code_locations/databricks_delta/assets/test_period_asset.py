"""Silver and gold as a run materialises them."""

import base64
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pytest

from tests.code_locations.databricks_delta.lakehouse_under_test import (
    ABOVE_BRONZE,
    ANOMALIES,
    BRONZE,
    DAILY,
    REJECTED,
    SHIPPED_DEFS,
    SILVER,
    LakehouseUnderTest,
    lakehouse_under_test,
    materialised,
)
from tests.code_locations.databricks_delta.readings import reading, utc

LANDED = utc(2013, 3, 1, 0)
NOON = utc(2013, 1, 5, 12)

type Metadata = dict[str, dict[str | None, dict[str, Any]]]


@pytest.fixture(scope="module")
def two_months(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LakehouseUnderTest, Metadata]]:
    """A run over two periods: two days of January, one of which was corrected, and one of February."""
    root = tmp_path_factory.mktemp("two_months")
    with pytest.MonkeyPatch.context() as environment, lakehouse_under_test(root, SHIPPED_DEFS) as weather:
        environment.setenv("PLATFORM_LOCAL_ROOT", str(root))
        good = [reading("EWR", NOON + timedelta(days=day)) for day in (0, 1, 30)]
        bad = [reading("EWR", NOON, temp="hot"), reading("JFK", "never")]
        weather.land("a.csv.gz", [*good, reading("EWR", NOON, temp="60"), *bad], LANDED)
        weather.ingest()
        result = weather.run(ABOVE_BRONZE, "2013-01", "2013-02")
        yield weather, {table: materialised(result, weather.key(table)) for table in ABOVE_BRONZE}


@pytest.fixture
def metadata(two_months: tuple[LakehouseUnderTest, Metadata]) -> Metadata:
    return two_months[1]


def test_each_month_has_its_numbers(metadata: Metadata) -> None:
    def numbers(table: str, *names: str) -> dict[str | None, tuple[int, ...]]:
        return {month: tuple(found[name] for name in names) for month, found in metadata[table].items()}

    counts = ("dagster/row_count", "rows_in", "rows_out", "rows_rejected", "rows_superseded")
    assert numbers(SILVER, *counts) == {"2013-01": (2, 4, 2, 1, 1), "2013-02": (1, 1, 1, 0, 0)}
    assert numbers(REJECTED, "dagster/row_count", "rows_unreadable") == {"2013-01": (1, 1), "2013-02": (0, 1)}
    assert numbers(DAILY, "rows_in", "rows_out") == {"2013-01": (2, 2), "2013-02": (1, 1)}


def test_one_statement_replaces_all_months(two_months: tuple[LakehouseUnderTest, Metadata]) -> None:
    weather, metadata = two_months
    silver = metadata[SILVER].values()
    assert {found["periods"] for found in silver} == {"2013-01 to 2013-02"}
    assert {(found["delta_version"], found["files"]) for found in silver} == {(1, 2)}
    assert [entry["operation"] for entry in weather.delta(SILVER).history()] == ["WRITE", "CREATE TABLE"]
    assert all(found["bytes"] > 0 and found["seconds"] > 0 for found in silver)


def test_a_preview_is_of_its_month(metadata: Metadata) -> None:
    assert "2013-02-04 12:00:00" in metadata[SILVER]["2013-02"]["preview"]
    assert "2013-02-04 12:00:00" not in metadata[SILVER]["2013-01"]["preview"]
    assert metadata[REJECTED]["2013-02"]["preview"] == "_no rows_"


def test_columns_tell_where_they_come_from(two_months: tuple[LakehouseUnderTest, Metadata]) -> None:
    weather, metadata = two_months

    def sources(table: str, column: str) -> set[tuple[dg.AssetKey, str]]:
        lineage = metadata[table]["2013-01"]["dagster/column_lineage"].deps_by_column
        return {(source.asset_key, source.column_name) for source in lineage[column]}

    bronze, silver = weather.key(BRONZE), weather.key(SILVER)
    assert sources(SILVER, "temp_c") == {(bronze, "temp")}
    assert sources(SILVER, "observed_at") == {(bronze, "time_hour")}
    assert sources(REJECTED, "_rejection_reason") > {(bronze, "origin"), (bronze, "pressure")}
    assert sources(DAILY, "max_wind_speed_ms") == {(silver, "wind_speed_ms")}
    assert sources(ANOMALIES, "deviation_sigmas") == {(silver, "temp_c")}


def test_columns_are_described(metadata: Metadata) -> None:
    columns = metadata[DAILY]["2013-01"]["dagster/column_schema"].columns
    types = [(column.name, column.type) for column in columns]
    assert types[:3] == [("station", "string"), ("day", "date"), ("readings", "bigint")]
    assert all(column.description for column in columns)


@pytest.mark.parametrize("table", [DAILY, ANOMALIES])
def test_gold_has_a_picture(metadata: Metadata, table: str) -> None:
    (encoded,) = re.findall(r"^!\[.*\]\(data:image/png;base64,(.*)\)$", metadata[table]["2013-01"]["plot"])
    assert base64.b64decode(encoded).startswith(b"\x89PNG")
    assert "plot" not in metadata[SILVER]["2013-01"]


def test_code_version_changes_with_a_rule(weather: LakehouseUnderTest, defs_copy: Path) -> None:
    file = defs_copy / "weather" / "defs.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("max_wind_ms: 113", "max_wind_ms: 100"), encoding="utf-8")

    def versions(lakehouse: LakehouseUnderTest) -> dict[str, str | None]:
        return {".".join(s.key.path[1:]): s.code_version for s in lakehouse.defs.resolve_all_asset_specs()}

    before, after = versions(weather), versions(weather.declared_by(defs_copy))
    assert {table for table in before if before[table] != after[table]} == {SILVER, REJECTED}
