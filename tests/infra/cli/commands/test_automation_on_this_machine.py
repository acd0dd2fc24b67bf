"""`platform dev --automation` with Dagster's own daemon: what lands finds its way to gold, and nobody starts a run."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import duckdb
import pyarrow as pa
import pytest
from deltalake import DeltaTable
from platform_contract.layer import Layer
from platform_contract.local_paths import LocalPaths, checkout

from tests.code_locations.databricks_delta.readings import csv_text, gzipped, reading, utc
from tests.deployments import LOCAL
from tests.fakes.dagster_plus.code_server import clean_environment, free_port
from tests.fakes.shop_story import SAMPLE

REAL = checkout(Path(__file__))
PLATFORM = Path(sys.executable).with_name("platform")
PATIENCE_SECONDS = 600
ORDERS = "orders/orders_2018_09.csv.gz"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(2 * PATIENCE_SECONDS + 120)]


@pytest.fixture
def paths(tmp_path: Path) -> LocalPaths:
    """The stores of the test's own checkout, which serves the two locations that sensors watch."""
    folder = tmp_path / "checkout"
    (folder / "dbt_project").mkdir(parents=True)
    (folder / "workspace.yaml").write_text("load_from: []\n", encoding="utf-8")
    locations = [REAL / "code_locations" / name for name in ("databricks_delta", "snowflake_medallion")]
    projects = "".join(f'[[workspace.projects]]\npath = "{location}"\n' for location in locations)
    (folder / "dg.toml").write_text(f'directory_type = "workspace"\n[workspace]\n{projects}', encoding="utf-8")
    return LocalPaths(folder / ".local", LOCAL)


@contextmanager
def served(paths: LocalPaths, *options: str) -> Iterator[Path]:
    """The UI and the daemon run, as a person starts them; the file with what they print."""
    home = paths.root.parent.parent / "home"
    home.mkdir()
    own = {"PATH": f"{PLATFORM.parent}:{os.defpath}", "HOME": str(home), "TMPDIR": str(home)}
    environment = clean_environment() | own
    log = paths.root.parent.parent / "dev.log"
    with log.open("w", encoding="utf-8") as printed:
        server = subprocess.Popen(
            [str(PLATFORM), "dev", "--port", str(free_port()), *options],
            cwd=paths.root.parent,
            env=environment,
            stdout=printed,
            stderr=printed,
        )
        try:
            yield log
        finally:
            server.terminate()
            server.wait(60)


def land(paths: LocalPaths, name: str, content: bytes) -> None:
    """A file arrives whole, under its name, or not at all."""
    landed = paths.landing / name
    landed.parent.mkdir(parents=True, exist_ok=True)
    arriving = landed.with_name(f".{landed.name}.arriving")
    arriving.write_bytes(content)
    arriving.rename(landed)


def wait_for(what: str, there: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not there():
        assert time.monotonic() < deadline, f"{what} has not come:\n{log.read_text(encoding='utf-8')[-4000:]}"
        time.sleep(1)


def finished_jobs(paths: LocalPaths) -> list[str]:
    with dg.DagsterInstance.from_config(str(paths.dagster_home)) as instance:
        done = instance.get_runs(dg.RunsFilter(statuses=[dg.DagsterRunStatus.SUCCESS]))
    return [run.job_name for run in done]


def daily_rows(paths: LocalPaths) -> list[dict]:
    folder = paths.delta_table(Layer.GOLD, "station_daily_summary")
    if not DeltaTable.is_deltatable(str(folder)):
        return []
    return pa.table(DeltaTable(folder).scan()).to_pylist()


def test_what_lands_finds_its_way_to_gold_by_itself(paths: LocalPaths) -> None:
    with served(paths, "--automation") as log:
        wait_for("the Dagster home", (paths.dagster_home / "dagster.yaml").is_file, log)
        noon, later = utc(2013, 1, 5, 17), utc(2013, 1, 5, 18)
        weather = csv_text([reading("EWR", noon, temp="40"), reading("EWR", later, temp="44")])
        land(paths, "weather/weather_2013_01.csv.gz", gzipped(weather))
        wait_for("the day in gold", lambda: bool(daily_rows(paths)), log)
        (day,) = daily_rows(paths)
        assert day["_month"] == "2013-01"

        for name in ("stores/stores.csv", "customers/customers.csv", ORDERS):
            land(paths, f"shop/{name}", (SAMPLE / name).read_bytes())
        wait_for("the shop's run", lambda: "shop_refresh" in finished_jobs(paths), log)
    with duckdb.connect(paths.analytics_database, read_only=True) as connection:
        tables = connection.execute("select table_name from information_schema.tables where table_schema = 'gold'")
        names = [name for (name,) in tables.fetchall()]
        rows = {name: connection.table(f"gold.{name}").shape[0] for name in names}
    assert rows
    assert all(rows.values()), rows
