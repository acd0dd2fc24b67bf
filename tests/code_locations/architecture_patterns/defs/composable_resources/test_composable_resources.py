import gzip
import json
from pathlib import Path

import pytest
from architecture_patterns.defs.composable_resources.storage_choice import StorageName
from dagster.components.core.component_tree import ComponentTreeException
from platform_contract.local_paths import LocalPaths

from tests.code_locations.architecture_patterns.landing_folder import WEATHER, LandingFolder
from tests.code_locations.architecture_patterns.pattern_run import FirstRun, pattern_defs, run_pattern

MOCK = {"demo: local_storage": "demo: mock_storage"}

EXTREMES = """\
station,day,min_temp_c,max_temp_c,readings
EWR,2013-01-01,5.0,10.0,2
EWR,2013-02-01,20.0,20.0,1
JFK,2013-01-01,-10.0,-10.0,2
"""

REPORT = """\
| station | days | coldest day | °C | warmest day | °C |
| --- | --- | --- | --- | --- | --- |
| EWR | 2 | 2013-01-01 | 5.0 | 2013-02-01 | 20.0 |
| JFK | 1 | 2013-01-01 | -10.0 | 2013-01-01 | -10.0 |
"""


def folder(paths: LocalPaths) -> Path:
    return paths.patterns / "composable_resources"


def test_local_storage_keeps_objects_as_files(first_run: FirstRun, local_paths: LocalPaths) -> None:
    outcome = first_run("composable_resources")
    assert outcome.success
    assert (folder(local_paths) / "daily_extremes.csv").read_text(encoding="utf-8") == EXTREMES
    assert (folder(local_paths) / "climate_report.md").read_text(encoding="utf-8") == REPORT
    assert all(outcome.checks.values())


def test_a_temperature_that_is_no_number_is_kept_with_its_reason(first_run: FirstRun, local_paths: LocalPaths) -> None:
    outcome = first_run("composable_resources")
    assert outcome.metadata["composable_resources/readings"]["rows_rejected"] == 1
    kept = (folder(local_paths) / "rejected" / "weather_2013_02.jsonl").read_text(encoding="utf-8")
    assert json.loads(kept) == {"file": "weather_2013_02.csv.gz", "line": 3, "reason": "temp is not a number: warm"}


def test_mock_storage_gives_the_same_assets_and_leaves_nothing_behind(
    first_run: FirstRun, landing: LandingFolder, local_paths: LocalPaths
) -> None:
    on_disk = first_run("composable_resources")
    before = sorted(folder(local_paths).rglob("*"))
    landing.put(
        "weather/weather_2013_03.csv", WEATHER, "EWR,2013,3,1,1,NA,2,5,270,10,NA,0.1,1012,10,2013-03-01T06:00:00Z"
    )
    in_memory = run_pattern("composable_resources", MOCK)
    assert in_memory.success
    assert in_memory.checks == on_disk.checks
    assert in_memory.row_counts == on_disk.row_counts
    assert in_memory.metadata["composable_resources/climate_report"]["preview"] == REPORT
    assert in_memory.metadata["composable_resources/climate_report"]["location"] == "memory:climate_report.md"
    assert sorted(folder(local_paths).rglob("*")) == before


def test_mock_storage_remembers_nothing_of_an_earlier_run(landing: LandingFolder) -> None:
    landing.put_weather()
    with pattern_defs("composable_resources", MOCK) as defs:
        job = defs.resolve_implicit_global_asset_job_def()
        extremes = [
            key for key in defs.resolve_asset_graph().materializable_asset_keys if key.path[-1] == "climate_report"
        ]
        assert job.execute_in_process().success
        alone = job.execute_in_process(asset_selection=extremes, raise_on_error=False)
    message = alone.failure_data_for_node("patterns__composable_resources__climate_report")
    assert message is not None
    assert message.error is not None
    assert message.error.cause is not None
    assert (
        "nothing is stored at memory:daily_extremes.csv: materialise the assets upstream first"
        in message.error.cause.message
    )


def test_compression_wraps_the_chosen_storage(landing: LandingFolder, local_paths: LocalPaths) -> None:
    landing.put_weather()
    outcome = run_pattern("composable_resources", {"compressed: false": "compressed: true"})
    assert outcome.success
    files = {
        file.relative_to(folder(local_paths)).as_posix() for file in folder(local_paths).rglob("*") if file.is_file()
    }
    assert files == {
        "readings/weather_2013_01.jsonl.gz",
        "readings/weather_2013_02.jsonl.gz",
        "rejected/weather_2013_01.jsonl.gz",
        "rejected/weather_2013_02.jsonl.gz",
        "daily_extremes.csv.gz",
        "climate_report.md.gz",
    }
    packed = (folder(local_paths) / "daily_extremes.csv.gz").read_bytes()
    time_stamp = packed[4:8]
    assert time_stamp == bytes(4), "equal content would give other bytes a second later"
    assert gzip.decompress(packed).decode() == EXTREMES


def test_a_second_run_changes_no_object(first_run: FirstRun, local_paths: LocalPaths) -> None:
    first = first_run("composable_resources")
    before = {file: file.read_bytes() for file in folder(local_paths).rglob("*") if file.is_file()}
    second = run_pattern("composable_resources")
    assert second.row_counts == first.row_counts
    assert {file: file.read_bytes() for file in folder(local_paths).rglob("*") if file.is_file()} == before


def test_an_unknown_storage_is_refused_with_the_known_ones() -> None:
    with (
        pytest.raises(ComponentTreeException) as refused,
        pattern_defs("composable_resources", {"demo: local_storage": "demo: s3_storage"}),
    ):
        pass
    message = str(refused.value.__cause__)
    assert "composable_resources/defs.yaml:" in message
    assert "s3_storage" in message
    assert all(name in message for name in StorageName)


def test_an_unknown_key_is_refused() -> None:
    with (
        pytest.raises(ComponentTreeException) as refused,
        pattern_defs("composable_resources", {"compressed: false": "compresed: false"}),
    ):
        pass
    assert "composable_resources/defs.yaml:" in str(refused.value.__cause__)
    assert "compresed" in str(refused.value.__cause__)


def test_an_empty_landing_folder_says_what_to_run(local_paths: LocalPaths) -> None:
    outcome = run_pattern("composable_resources")
    assert f"no CSV file in {local_paths.landing}/weather: run `make land`" in outcome.errors
