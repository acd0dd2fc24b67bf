from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from click.testing import Result

ROOT = Path(__file__).parents[4]

pytestmark = pytest.mark.slow


@pytest.fixture
def shipped_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with the code locations and the sample input that are shipped, and stores of its own."""
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    for name in ("code_locations", "dbt_project", "workspace.yaml"):
        (checkout / name).symlink_to(ROOT / name)
    monkeypatch.chdir(checkout)
    monkeypatch.delenv("PLATFORM_LOCAL_ROOT")
    return checkout


def counts(checkout: Path) -> list[int]:
    database = checkout / ".local" / "local" / "warehouse" / "raw.duckdb"
    with duckdb.connect(database, read_only=True) as raw:
        tables = ("customers", "orders", "stores")
        return [row[0] for table in tables for row in raw.execute(f"select count(*) from shop.{table}").fetchall()]


def test_land_brings_the_files_and_the_raw_tables_and_no_row_twice(
    shipped_checkout: Path, platform: Callable[..., Result]
) -> None:
    done = platform("land")
    assert done.exit_code == 0, done.output
    assert "weather: 12 files landed\n" in done.output
    assert counts(shipped_checkout) == [942, 71350, 6]
    landing = shipped_checkout / ".local" / "local" / "landing"
    assert len([file for file in (landing / "weather").rglob("*") if file.is_file()]) == 12
    again = platform("land")
    assert "weather: 0 files landed, 12 already there\n" in again.output
    assert counts(shipped_checkout) == [942, 71350, 6]


def test_in_production_it_lands_nothing_and_names_every_setting_that_is_missing(
    shipped_checkout: Path, platform: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLATFORM_DEPLOYMENT", "dev")
    monkeypatch.setenv("PLATFORM_DEMO_MODE", "false")
    refused = platform("land")
    assert refused.exit_code == 2
    for missing in ("DATABRICKS_SERVER_HOSTNAME", "DATABRICKS_HTTP_PATH", "DATABRICKS_TOKEN", "PLATFORM_STORAGE_URI"):
        assert missing in refused.output
    assert not (shipped_checkout / ".local").exists()
