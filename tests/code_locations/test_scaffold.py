"""What `dg scaffold defs` writes loads and runs as it is, with the sample files that it writes."""

import tomllib
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from deltalake import DeltaTable

from tests.copied_tree import CopiedTree

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1500)]

PLATFORM_FILE = "infra/contract/src/platform_contract/platform.toml"
LAKEHOUSES, MEDALLIONS = "code_locations/databricks_delta", "code_locations/snowflake_medallion"
NEW_LAKEHOUSE = "dg scaffold defs databricks_delta.components.LakehouseComponent"
NEW_MEDALLION = "dg scaffold defs snowflake_medallion.components.MedallionComponent"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> CopiedTree:
    return CopiedTree.at(tmp_path_factory.mktemp("scaffold") / "checkout")


def declared(tree: CopiedTree) -> dict[str, dict[str, object]]:
    return tomllib.loads((tree.root / PLATFORM_FILE).read_text(encoding="utf-8"))["domains"]


def files(tree: CopiedTree) -> dict[Path, bytes]:
    found = (file for place in ("code_locations", "dbt_project", "infra") for file in (tree.root / place).rglob("*"))
    return {file: file.read_bytes() for file in found if file.is_file() and "__pycache__" not in file.parts}


@pytest.fixture(scope="module")
def lakehouse(tree: CopiedTree) -> str:
    """What the command said that made the lakehouse `sensors`."""
    return tree.must(f"{NEW_LAKEHOUSE} sensors", LAKEHOUSES)


@pytest.fixture(scope="module")
def medallion(tree: CopiedTree) -> str:
    """What the command said that made the domain `till`."""
    return tree.must(f"{NEW_MEDALLION} till --owner finance@example.com", MEDALLIONS)


def test_a_new_lakehouse_is_declared_and_says_so(tree: CopiedTree, lakehouse: str) -> None:
    assert "Declared [domains.sensors], of team:sensors, in " in lakehouse
    assert declared(tree)["sensors"] == {"engine": "databricks", "owners": ["team:sensors"]}


def test_a_new_lakehouse_runs(tree: CopiedTree, lakehouse: str) -> None:
    tree.must("dg check yaml && dg check defs", LAKEHOUSES)
    tree.must("platform land", ".")
    tree.must("""dg launch --assets 'key:"sensors/*"' --partition-range '2024-01...2024-02'""", LAKEHOUSES)
    tables = tree.root / ".local" / "local" / "lakehouse"

    # A reading of 10.5 and one of 11.5, which February's file corrects to 12.5; a banana is no number, 1000 too much.
    summary = DeltaTable(str(tables / "sensors_gold" / "daily_summary")).to_pyarrow_table().to_pylist()
    assert {(row["id"], row["day"]): (row["readings"], row["mean_value"]) for row in summary} == {
        ("north", date(2024, 1, 31)): (2, 11.5),
        ("south", date(2024, 1, 31)): (1, 7.0),
        ("north", date(2024, 2, 1)): (1, 9.0),
        ("south", date(2024, 2, 1)): (1, 8.0),
    }
    rejected = DeltaTable(str(tables / "sensors_silver" / "readings_rejected")).to_pyarrow_table().to_pylist()
    assert sorted((row["measured_at"], row["value"], row["_rejection_reason"]) for row in rejected) == [
        ("2024-01-31T13:00:00Z", "banana", "value is no number"),
        ("2024-02-01T13:00:00Z", "1000", "value is too high"),
    ]
    assert len(DeltaTable(str(tables / "sensors_bronze" / "readings")).to_pyarrow_table()) == 8
    readings = DeltaTable(str(tables / "sensors_silver" / "readings")).to_pyarrow_table().to_pylist()
    assert {row["measured_at"] for row in readings if row["id"] == "south"} == {
        datetime(2024, 1, 31, 12, tzinfo=UTC),
        datetime(2024, 2, 1, 12, tzinfo=UTC),
    }


def test_a_new_domain_in_snowflake_is_declared_and_says_so(tree: CopiedTree, medallion: str) -> None:
    assert "Declared [domains.till], of finance@example.com, in " in medallion
    assert f"Added the settings of till to {tree.root / 'dbt_project' / 'dbt_project.yml'}" in medallion
    assert declared(tree)["till"] == {"engine": "snowflake", "owners": ["finance@example.com"]}


def test_a_new_domain_in_snowflake_runs(tree: CopiedTree, medallion: str) -> None:
    tree.must("dg check yaml && dg check defs", MEDALLIONS)
    tree.must("platform land", ".")
    tree.must("""dg launch --assets 'key:"till/*"'""", MEDALLIONS)
    with duckdb.connect(str(tree.root / ".local" / "local" / "warehouse" / "analytics.duckdb")) as analytics:
        # 10.50 and 4.25 on the 30th.
        assert analytics.sql("from till_gold.gold_till_daily order by day").fetchall() == [
            (date(2024, 1, 30), 2, Decimal("14.75")),
            (date(2024, 1, 31), 1, Decimal("7.00")),
        ]
        assert analytics.sql("select entity, reason from till_silver.silver_till_rejected_rows").fetchall() == [
            ("entries", "amount is not a number of dollars and cents")
        ]
        assert analytics.sql("select count(*) from till_bronze.bronze_till_entries").fetchall() == [(4,)]


@pytest.mark.parametrize(
    ("command", "location", "why"),
    [
        (f"{NEW_LAKEHOUSE} weather-station", LAKEHOUSES, "weather-station"),
        (f"{NEW_LAKEHOUSE} shop", LAKEHOUSES, "domain shop is built in snowflake, not in databricks"),
        (f"{NEW_MEDALLION} patterns", MEDALLIONS, "'patterns' is another thing's name"),
        (f"{NEW_MEDALLION} tides --format python", MEDALLIONS, "a domain is declared in YAML"),
        (f"{NEW_LAKEHOUSE} weather", LAKEHOUSES, "already exists"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_written(tree: CopiedTree, command: str, location: str, why: str) -> None:
    before = files(tree)
    ended = tree.run(command, location)
    assert ended.returncode == 1
    assert why in " ".join((ended.stdout + ended.stderr).split())
    assert "Traceback" not in ended.stderr
    assert files(tree) == before
    assert (
        not (tree.root / location / "src" / Path(location).name / "defs" / command.split()[4]).is_dir()
        or "weather" in command
    )
