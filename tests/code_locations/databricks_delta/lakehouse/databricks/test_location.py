"""The weather location with `demo_mode` false, as Dagster drives it: what it does, records and says when it fails."""

import logging
import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
import pytest
from platform_contract.deployment import pull_request
from platform_contract.local_paths import LocalPaths

from tests.code_locations.databricks_delta.lakehouse.databricks.on_databricks import IMPATIENT, OnDatabricks
from tests.code_locations.databricks_delta.lakehouse_under_test import (
    BRONZE,
    DAILY,
    REJECTED,
    SHIPPED_DEFS,
    SILVER,
    LakehouseUnderTest,
    evaluations,
    materialised,
)
from tests.code_locations.databricks_delta.readings import reading, utc
from tests.deployments import DEV, LOCAL
from tests.fakes.databricks_sql.failures import Moment
from tests.fakes.databricks_sql.sql_error import SqlError

if TYPE_CHECKING:
    from tests.fakes.databricks_workspace.workspace import Workspace

pytestmark = pytest.mark.slow

LANDED = utc(2013, 3, 1, 0)
NOON = utc(2013, 1, 5, 12)
TABLES = (SILVER, REJECTED, DAILY)
READINGS = [
    *(reading("EWR", NOON + timedelta(days=day), temp=str(50 + day)) for day in (0, 1, 30)),
    reading("EWR", NOON, temp="hot"),
    reading("JFK", "never"),
]
# Of the engine, the moment or the storage, not of the data.
_OF_THE_ENGINE = frozenset({"seconds", "delta_version", "files", "bytes"})
_IMPATIENT = "  warehouse: { start_timeout_seconds: 6, attempts: 2, retry_pause_seconds: 0.1 }\n\n  partitioning:"


@dataclass(frozen=True)
class Location:
    """The location on Databricks, and the catalog that it writes."""

    weather: LakehouseUnderTest
    databricks: OnDatabricks

    def contents(self, table: str) -> list[list[str]]:
        """Every row of a table, but for when it was loaded."""
        rows = self.databricks.rows(f"SELECT * FROM {table}")
        return sorted([str(value) for name, value in row.items() if name != "_ingested_at"] for row in rows)

    def failure(self, result: dg.ExecuteInProcessResult) -> str:
        """What the failed step of a run says."""
        (event,) = [event for event in result.all_events if event.is_step_failure]
        error = event.step_failure_data.error
        assert error is not None
        assert error.cause is not None
        return error.cause.message

    def everything_said(self, log: pytest.LogCaptureFixture) -> str:
        """All events, metadata and log lines of all runs."""
        instance = self.weather.instance
        events = [str(entry) for run in instance.get_runs() for entry in instance.all_logs(run.run_id)]
        return "\n".join([*events, *map(str, (record.getMessage() for record in log.records)), log.text])


@pytest.fixture(scope="module")
def impatient_defs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped declaration, which waits less long for a warehouse and, without object storage, publishes nothing."""
    folder = tmp_path_factory.mktemp("location") / "defs"
    (folder / "weather").mkdir(parents=True)
    for file in (SHIPPED_DEFS / "weather").glob("*.*"):
        text = file.read_text(encoding="utf-8").replace("  partitioning:", _IMPATIENT, 1)
        text = text.replace("      publish: flights\n", "")
        (folder / "weather" / file.name).write_text(text, encoding="utf-8")
    return folder


@contextmanager
def _deployed(databricks: OnDatabricks, defs: Path, folder: Path) -> Iterator[Location]:
    """The location as its deployment runs it, signed in by a token of its own."""
    environment = {
        **databricks.environment(),
        "DATABRICKS_TOKEN": databricks.workspace.tokens.issue(),
        "PLATFORM_DEPLOYMENT": databricks.deployment.name,
        "PLATFORM_DEMO_MODE": "false",
    }
    with ExitStack() as open_until_the_end, pytest.MonkeyPatch.context() as monkeypatch:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        paths = LocalPaths(folder, databricks.deployment)
        yield Location(LakehouseUnderTest(defs, paths, "weather", open_until_the_end), databricks)


@pytest.fixture
def dev(databricks: "Workspace", impatient_defs: Path, tmp_path: Path) -> Iterator[Location]:
    """Deployment `dev`, with files in its landing volume and no tables yet."""
    found = OnDatabricks(databricks, DEV, IMPATIENT)
    found.declare()
    found.land("a.csv.gz", READINGS, LANDED)
    found.land("bad.csv.gz", b"", LANDED)
    with _deployed(found, impatient_defs, tmp_path) as location:
        yield location
    databricks.lakehouse.drop_catalog(found.catalog)


@pytest.fixture(scope="module")
def standing(databricks_workspace: "Workspace") -> Iterator[OnDatabricks]:
    """A catalog that the tests of failures share: none of them changes a row."""
    found = OnDatabricks(databricks_workspace, pull_request(7900), IMPATIENT)
    found.declare()
    found.land("a.csv.gz", READINGS, LANDED)
    yield found
    databricks_workspace.lakehouse.drop_catalog(found.catalog)


@pytest.fixture
def computed(
    standing: OnDatabricks, databricks: "Workspace", impatient_defs: Path, tmp_path: Path
) -> Iterator[Location]:
    """A deployment where silver holds January."""
    silver = standing.table(SILVER)
    with _deployed(standing, impatient_defs, tmp_path) as location:
        if not standing.lakehouse.exists(silver.table):
            standing.ingest()
            standing.compute(silver, "2013-01", "2013-01")
        databricks.statements.clear()
        yield location


def _on_this_machine(folder: Path, tmp_path: Path) -> dict[object, Any]:
    """What the same runs record with `demo_mode` true."""
    with ExitStack() as open_until_the_end, pytest.MonkeyPatch.context() as environment:
        environment.setenv("PLATFORM_LOCAL_ROOT", str(tmp_path / "local"))
        environment.delenv("PLATFORM_DEPLOYMENT")
        environment.delenv("PLATFORM_DEMO_MODE")
        weather = LakehouseUnderTest(folder, LocalPaths(tmp_path / "local", LOCAL), "weather", open_until_the_end)
        weather.land("a.csv.gz", READINGS, LANDED)
        weather.land("bad.csv.gz", b"", LANDED)
        return _recorded(weather)


def _recorded(weather: LakehouseUnderTest) -> dict[object, Any]:
    """Metadata of each table and each month, and what the checks found, of a run over two periods."""
    results = [weather.run((BRONZE,), "2013-01", "2013-02"), weather.run(TABLES, "2013-01", "2013-02")]
    metadata: dict[object, Any] = {
        (table, month, name): value
        for result in results
        for table in (BRONZE, *TABLES)
        for month, values in materialised(result, weather.key(table)).items()
        for name, value in values.items()
        # The preview of a bronze row, or of a rejected one, tells when it was loaded.
        if name not in _OF_THE_ENGINE and (name, table) not in {("preview", BRONZE), ("preview", REJECTED)}
    }
    found = {name: check for result in results for name, check in evaluations(result).items()}
    verdicts = {name: (check.passed, _dated(check.description)) for name, check in found.items()}
    return {**metadata, **verdicts}


def _dated(description: str | None) -> str:
    return re.sub(r"[0-9.,]+ days ago", "some days ago", description or "")


def test_it_does_and_records_what_it_does_on_a_laptop(dev: Location, tmp_path: Path) -> None:
    weather, databricks = dev.weather, dev.databricks
    (request,) = weather.tick("weather_landing", None).run_requests or []
    assert request.tags["landing/files"] == "a.csv.gz, bad.csv.gz"

    recorded, wanted = _recorded(weather), _on_this_machine(weather.folder, tmp_path)
    assert recorded.keys() == wanted.keys()
    assert {key: (value, wanted[key]) for key, value in recorded.items() if value != wanted[key]} == {}
    silver = dev.contents(SILVER)
    assert [len(rows) for rows in (dev.contents(BRONZE), silver, dev.contents(REJECTED))] == [5, 3, 2]

    run_ids = {run.run_id for run in weather.instance.get_runs()}
    (inserted, *_) = databricks.workspace.statements.matching("INSERT INTO gold.station_daily_summary")
    tags = dict(tag.split(":") for tag in inserted.configuration["QUERY_TAGS"].split(","))
    assert tags.pop("run_id") in run_ids
    assert tags == {
        "deployment": "dev",
        "op": "weather_gold_station_daily_summary",
        "asset": "weather/gold/station_daily_summary",
    }

    again = weather.tick("weather_landing", None)
    assert [request.tags["landing/files"] for request in again.run_requests or []] == ["bad.csv.gz"]
    sent = len(databricks.workspace.statements.statements)
    assert weather.tick("weather_landing", again.cursor).run_requests == []
    assert len(databricks.workspace.statements.statements) == sent  # an idle look wakes no warehouse
    assert databricks.ingest().loaded == ()
    databricks.compute(databricks.table(SILVER), "2013-01", "2013-02")
    assert dev.contents(SILVER) == silver

    databricks.land("a.csv.gz", [reading("EWR", NOON, temp="59")], LANDED + timedelta(days=1))
    (request,) = weather.tick("weather_landing", again.cursor).run_requests or []
    assert request.tags["landing/files"] == "a.csv.gz"
    databricks.ingest()
    databricks.compute(databricks.table(SILVER), "2013-01", "2013-01")
    asked = f"SELECT temp_c FROM {SILVER} ORDER BY observed_at"
    assert [round(row["temp_c"], 3) for row in databricks.rows(asked)] == [15.0, 10.556, 26.667]


def _warehouse_never_comes_up(location: Location) -> None:
    location.databricks.workspace.power.stop(refusals=None)


def _token_expires(location: Location) -> None:
    workspace = location.databricks.workspace
    token = os.environ["DATABRICKS_TOKEN"]
    workspace.failures.do_before("INSERT INTO silver", lambda: workspace.tokens.expire(token))


def _connection_is_cut_for_good(location: Location) -> None:
    failures = location.databricks.workspace.failures
    failures.cut_connection("ExecuteStatement", "INSERT INTO silver", Moment.BEFORE, times=1000)


def _statement_takes_too_long(location: Location) -> None:
    location.databricks.workspace.failures.time_out("INSERT INTO silver", seconds=0.01)


def _privilege_is_missing(location: Location) -> None:
    failures = location.databricks.workspace.failures
    failures.deny("INSERT INTO silver", "MODIFY", "Table 'silver.weather_readings'", times=1)


def _others_keep_committing_first(location: Location) -> None:
    conflict = SqlError("DELTA_CONCURRENT_APPEND", "Files were added by a concurrent update.", "2D521")
    location.databricks.workspace.failures.refuse("INSERT INTO silver", conflict, times=1000)


@pytest.mark.parametrize(
    ("goes_wrong", "todo"),
    [
        (_warehouse_never_comes_up, "Look at the SQL warehouse of this deployment, and start it if it is stopped"),
        (_token_expires, "Renew the credential of this deployment, DATABRICKS_TOKEN"),
        (_connection_is_cut_for_good, "Look at the SQL warehouse of this deployment"),
        (_statement_takes_too_long, "Run fewer periods at once, or raise warehouse.statement_timeout_seconds"),
        (_privilege_is_missing, "Grant what is missing by infrastructure"),
        (_others_keep_committing_first, "Run it again when no other writer is at work"),
    ],
)
def test_a_failure_says_first_what_to_do_writes_nothing_and_the_next_run_is_clean(
    computed: Location,
    goes_wrong: Callable[[Location], None],
    todo: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    databricks, workspace = computed.databricks, computed.databricks.workspace
    before, token = computed.contents(SILVER), os.environ["DATABRICKS_TOKEN"]
    goes_wrong(computed)
    result = computed.weather.run((SILVER,), "2013-01", "2013-01", succeeds=False)
    assert computed.failure(result).splitlines()[0].partition(": ")[2].startswith(todo)
    assert token not in computed.everything_said(caplog)

    workspace.failures.clear()
    workspace.power.start()
    monkeypatch.setenv("DATABRICKS_TOKEN", workspace.token)
    assert computed.contents(SILVER) == before
    databricks.compute(databricks.table(SILVER), "2013-01", "2013-01")
    assert computed.contents(SILVER) == before


def _warehouse_starts_slowly(location: Location) -> None:
    location.databricks.workspace.power.stop(refusals=1)


def _warehouse_stops_in_between(location: Location) -> None:
    workspace = location.databricks.workspace
    workspace.failures.do_before("INSERT INTO silver", lambda: workspace.power.stop(refusals=0))


def _answer_is_lost(location: Location) -> None:
    failures = location.databricks.workspace.failures
    failures.cut_connection("ExecuteStatement", "INSERT INTO silver", Moment.AFTER, times=1)


def _another_commits_first(location: Location) -> None:
    conflict = SqlError("DELTA_CONCURRENT_APPEND", "Files were added by a concurrent update.", "2D521")
    location.databricks.workspace.failures.refuse("INSERT INTO silver", conflict, times=1)


@pytest.mark.parametrize(
    "goes_wrong", [_warehouse_starts_slowly, _warehouse_stops_in_between, _answer_is_lost, _another_commits_first]
)
def test_what_passes_by_itself_is_waited_for(computed: Location, goes_wrong: Callable[[Location], None]) -> None:
    before = computed.contents(SILVER)
    goes_wrong(computed)
    computed.databricks.compute(computed.databricks.table(SILVER), "2013-01", "2013-01")
    assert computed.contents(SILVER) == before


def test_a_service_principal_signs_in_and_its_secret_is_told_to_nobody(
    computed: Location, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from tests.fakes.databricks_workspace.workspace import CLIENT_ID, CLIENT_SECRET  # noqa: PLC0415 - needs Spark

    caplog.set_level(logging.DEBUG)
    monkeypatch.delenv("DATABRICKS_TOKEN")
    monkeypatch.setenv("DATABRICKS_CLIENT_ID", CLIENT_ID)
    monkeypatch.setenv("DATABRICKS_CLIENT_SECRET", CLIENT_SECRET)
    assert computed.databricks.ingest().known == ("a.csv.gz",)
    assert computed.weather.tick("weather_landing", None).skip_message == "1 files in weather, none with new content"
    monkeypatch.setenv("DATABRICKS_CLIENT_SECRET", "planted-secret-that-is-wrong")
    result = computed.weather.run((SILVER,), "2013-01", "2013-01", succeeds=False)
    assert "Renew the credential of this deployment" in computed.failure(result).splitlines()[0]
    said = computed.everything_said(caplog)
    assert CLIENT_SECRET not in said
    assert "planted-secret-that-is-wrong" not in said
