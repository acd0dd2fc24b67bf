import subprocess
import sys
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


def test_a_database_that_another_process_has_open_is_one_line(
    small_checkout: Path, platform: Callable[..., Result]
) -> None:
    platform("provision")
    database = small_checkout / ".local" / "local" / "warehouse" / "raw.duckdb"
    script = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", script, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout
        assert writer.stdout.readline() == b"open\n"
        refused = platform("provision")
        writer.communicate()
    assert refused.exit_code == 2
    assert refused.output.startswith("Error: a database is in use: ")
    assert str(database) in refused.output
    assert platform("provision").exit_code == 0
