from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from click.testing import Result


def test_provision_makes_the_stores_and_the_env_file(small_checkout: Path, platform: Callable[..., Result]) -> None:
    done = platform("provision")
    home = small_checkout / ".local" / "local"
    assert done.exit_code == 0
    assert done.output == f"Deployment local is ready in {home}\n"
    assert (home / "dagster" / "dagster.yaml").is_file()
    with duckdb.connect(home / "warehouse" / "raw.duckdb", read_only=True) as raw:
        assert ("shop",) in raw.execute("select schema_name from information_schema.schemata").fetchall()
    assert "DAGSTER_HOME=" in (small_checkout / ".env").read_text(encoding="utf-8")


def test_provision_works_from_a_folder_inside_the_checkout(
    small_checkout: Path, platform: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(small_checkout / "dbt_project")
    assert platform("provision").exit_code == 0
    assert (small_checkout / ".local" / "local" / "dagster").is_dir()
