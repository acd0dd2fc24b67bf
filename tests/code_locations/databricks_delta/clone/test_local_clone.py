"""A pull request's lakehouse on this machine, filled from that of `local`."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import dagster as dg
import pytest
from databricks_delta.clone.delta_folder import copy_delta_table
from deltalake import DeltaTable
from platform_contract.deployment import pull_request
from platform_contract.local_paths import LocalPaths

from tests.code_locations.databricks_delta.lakehouse_under_test import (
    ABOVE_BRONZE,
    ANOMALIES,
    BRONZE,
    DAILY,
    REJECTED,
    SHIPPED_DEFS,
    SILVER,
    LakehouseUnderTest,
    materialised,
)
from tests.code_locations.databricks_delta.readings import reading, utc

TABLES = (BRONZE, *ABOVE_BRONZE)


@pytest.fixture
def production(weather: LakehouseUnderTest) -> LakehouseUnderTest:
    """What stands for production: two readings of January, one of February and one that no wind is as strong as."""
    weather.land(
        "2013.csv.gz",
        [
            reading("JFK", utc(2013, 1, 5, 1)),
            reading("JFK", utc(2013, 1, 5, 2)),
            reading("LGA", utc(2013, 2, 5, 1)),
            reading("LGA", utc(2013, 2, 5, 2), wind_speed="1048"),
        ],
        utc(2013, 3, 1, 0),
    )
    weather.ingest()
    weather.compute("2013-01", "2013-02")
    return weather


@pytest.fixture
def branch(production: LakehouseUnderTest, monkeypatch: pytest.MonkeyPatch) -> Iterator[LakehouseUnderTest]:
    """Pull request 7 beside it, with nothing in it."""
    monkeypatch.setenv("PLATFORM_DEPLOYMENT", "pr-7")
    paths = LocalPaths(Path(os.environ["PLATFORM_LOCAL_ROOT"]), pull_request(7))
    with ExitStack() as stack:
        yield LakehouseUnderTest(SHIPPED_DEFS, paths, "weather", stack)


def clone(branch: LakehouseUnderTest) -> dg.ExecuteInProcessResult:
    return branch.defs.resolve_job_def("weather_clone").execute_in_process(
        instance=branch.instance, raise_on_error=False
    )


def test_the_copy_holds_what_production_holds_and_goes_its_own_way(
    production: LakehouseUnderTest, branch: LakehouseUnderTest
) -> None:
    assert clone(branch).success
    assert branch.counts() == {BRONZE: 4, SILVER: 3, REJECTED: 1, DAILY: 2, ANOMALIES: 0}
    for table in TABLES:
        assert branch.rows(table) == production.rows(table)
        assert branch.delta(table).version() == production.delta(table).version()

    branch.land("march.csv.gz", [reading("EWR", utc(2013, 3, 5, 1))], utc(2013, 4, 1, 0))
    assert [file.name for file in branch.ingest().loaded] == ["march.csv.gz"]
    branch.compute("2013-03", "2013-03")
    assert branch.counts() == {BRONZE: 5, SILVER: 4, REJECTED: 1, DAILY: 3, ANOMALIES: 0}
    assert production.counts() == {BRONZE: 4, SILVER: 3, REJECTED: 1, DAILY: 2, ANOMALIES: 0}


def test_a_file_that_production_has_loaded_is_loaded(
    production: LakehouseUnderTest, branch: LakehouseUnderTest
) -> None:
    clone(branch)
    landed = (production.paths.landing / "weather" / "2013.csv.gz").read_bytes()
    branch.land("again.csv.gz", landed, utc(2013, 3, 2, 0))
    assert branch.ingest().known == ("again.csv.gz",)
    assert branch.tick("weather_landing", None).run_requests == []


def test_what_is_cloned_counts_as_materialised_and_no_sensor_computes_it_again(branch: LakehouseUnderTest) -> None:
    result = clone(branch)
    (bronze,) = materialised(result, branch.key(BRONZE)).values()
    assert (bronze["cloned_from"], bronze["dagster/row_count"], bronze["periods"]) == (
        f"local: {BRONZE}",
        4,
        ["2013-01", "2013-02"],
    )
    rows = {
        table: {month: said["dagster/row_count"] for month, said in materialised(result, branch.key(table)).items()}
        for table in ABOVE_BRONZE
    }
    assert rows == {
        SILVER: {"2013-01": 2, "2013-02": 1},
        REJECTED: {"2013-01": 0, "2013-02": 1},
        DAILY: {"2013-01": 1, "2013-02": 1},
        # Computed, and none found.
        ANOMALIES: {"2013-01": 0, "2013-02": 0},
    }
    requested = branch.tick("weather_months", None).run_requests or []
    # March and April look back at February; nothing has computed them, in production either.
    assert {(request.tags["dagster/asset_partition_range_start"]) for request in requested} <= {"2013-03", "2013-04"}
    assert all(request.asset_selection == [branch.key(ANOMALIES)] for request in requested)


def test_a_table_that_production_lacks_is_left_out_with_a_note(
    production: LakehouseUnderTest, branch: LakehouseUnderTest
) -> None:
    folder = production.paths.lakehouse / "gold" / "temperature_anomalies"
    folder.rename(production.paths.home / "elsewhere")
    result = clone(branch)
    assert result.success
    assert not materialised(result, branch.key(ANOMALIES))
    (noted,) = [event.event_specific_data.asset_observation for event in result.get_asset_observation_events()]  # pyright: ignore[reportAttributeAccessIssue, reportOptionalMemberAccess]
    assert noted.asset_key == branch.key(ANOMALIES)
    assert "local has no such table yet" in (noted.description or "")
    assert not (branch.paths.lakehouse / "gold" / "temperature_anomalies").exists()


def test_a_second_clone_puts_everything_back_as_production_has_it(
    production: LakehouseUnderTest, branch: LakehouseUnderTest
) -> None:
    clone(branch)
    branch.delta(SILVER).delete("station = 'LGA'")
    production.compute("2013-01", "2013-01")
    assert clone(branch).success
    assert branch.rows(SILVER) == production.rows(SILVER)
    assert branch.delta(SILVER).version() == production.delta(SILVER).version()


def test_who_is_killed_on_the_way_leaves_no_half_table_and_the_next_clone_no_remains(
    production: LakehouseUnderTest, branch: LakehouseUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = (one.paths.lakehouse / "silver" / "weather_readings" for one in (production, branch))
    copy_delta_table(source, target)
    before = branch.rows(SILVER)
    # What SIGKILL leaves of a copy that was under way.
    half = target.parent / f".clone-of-{target.name}-killed" / "arriving" / "_delta_log"
    half.mkdir(parents=True)
    (half / "00000000000000000000.json").write_text("{", encoding="utf-8")
    assert branch.rows(SILVER) == before
    assert copy_delta_table(source, target) == DeltaTable(source).version()
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_what_is_committed_while_it_copies_is_not_in_the_copy(
    production: LakehouseUnderTest, branch: LakehouseUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = (one.paths.lakehouse / "silver" / "weather_readings" for one in (production, branch))
    version, rows = production.delta(SILVER).version(), production.rows(SILVER)
    opened = DeltaTable.get_add_actions

    def then_somebody_commits(stored: DeltaTable, **arguments: bool) -> object:
        actions = opened(stored, **arguments)
        production.compute("2013-02", "2013-02")
        monkeypatch.undo()
        return actions

    monkeypatch.setattr(DeltaTable, "get_add_actions", then_somebody_commits)
    assert copy_delta_table(source, target) == version
    assert production.delta(SILVER).version() > version
    assert (branch.delta(SILVER).version(), branch.rows(SILVER)) == (version, rows)


@pytest.mark.parametrize("deployment", ["local", "dev", "prod"])
def test_no_other_deployment_has_the_job(
    weather: LakehouseUnderTest, monkeypatch: pytest.MonkeyPatch, deployment: str
) -> None:
    monkeypatch.setenv("PLATFORM_DEPLOYMENT", deployment)
    assert {job.name for job in weather.defs.jobs or []} == {"weather_maintenance"}
