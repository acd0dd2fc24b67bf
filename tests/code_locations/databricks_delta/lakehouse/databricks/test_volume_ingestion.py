"""Files of the landing volume, taken in by the warehouse: the rules are those of the laptop's engine."""

import gzip
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from databricks_delta.lakehouse.local_lakehouse import LocalLakehouse

from tests.code_locations.databricks_delta.lakehouse.databricks.on_databricks import OnDatabricks
from tests.code_locations.databricks_delta.lakehouse_under_test import BRONZE
from tests.code_locations.databricks_delta.readings import COLUMNS, csv_text, gzipped, reading, utc
from tests.fakes.databricks_sql.failures import Moment

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

LANDED = utc(2013, 2, 1, 0)
LATER = LANDED + timedelta(days=1)
NOON = utc(2013, 1, 5, 12)


def _loaded(on_databricks: OnDatabricks) -> list[str]:
    return [file.name for file in on_databricks.ingest().loaded]


def _count(on_databricks: OnDatabricks) -> int:
    return on_databricks.rows(f"SELECT count(*) AS n FROM {BRONZE}")[0]["n"]


def test_rows_are_those_that_the_laptops_engine_reads(on_databricks: OnDatabricks, tmp_path: "Path") -> None:
    ordinary = [reading("EWR", NOON), reading("JFK", utc(2013, 2, 1, 4)), reading("LGA", "never")]
    hurt = [
        reading('a "quoted", \\ one', NOON, temp="", dewp="null", humid=" 1.50 ", wind_dir="two\nlines"),
        reading("Zürich ☔", NOON, temp="NA", dewp="-0.0", precip="#", visib="''"),
    ]
    other_order = csv_text([reading("EWR", NOON, temp="60")], reversed(COLUMNS)).replace("\n", "\r\n")
    files = {
        "a.csv.gz": gzipped(csv_text(ordinary)),
        "b with blanks & 100%.csv.gz": gzipped(csv_text(hurt)),
        "c.csv.gz": gzip.compress(b"\xef\xbb\xbf" + other_order.encode()),
    }
    local = LocalLakehouse(
        tables_folder=str(tmp_path / "tables"), landing_folder=str(tmp_path), scratch_folder=str(tmp_path / "scratch")
    )
    (tmp_path / "weather").mkdir()
    for name, content in files.items():
        path = on_databricks.land(name, content, LANDED)
        (tmp_path / "weather" / name).write_bytes(content)
        on_databricks.touch(tmp_path / "weather" / name, path)
    blueprint = on_databricks.blueprint
    wanted, found = local.ingest(blueprint.sources[0].bronze, blueprint.sources[0].landing), on_databricks.ingest()
    assert (found.loaded, found.rows_by_period) == (wanted.loaded, wanted.rows_by_period)
    columns = ", ".join(name for name in blueprint.sources[0].bronze.column_names if name != "_ingested_at")
    everything = f"SELECT {columns} FROM {BRONZE}"
    assert _sorted(on_databricks.rows(everything)) == _sorted(on_databricks.ask(local, everything))
    assert len(on_databricks.rows(f"SELECT DISTINCT _ingested_at FROM {BRONZE}")) == 2  # one for each order of columns


def _sorted(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    return sorted(rows, key=lambda row: [str(value) for value in row.values()])


def test_content_decides_what_is_loaded(on_databricks: OnDatabricks) -> None:
    on_databricks.land("a.csv.gz", [reading("EWR", NOON)], LANDED)
    on_databricks.land("notes.txt", b"hello", LANDED)
    first = on_databricks.ingest()
    assert ([file.name for file in first.loaded], first.ignored) == (["a.csv.gz"], ("notes.txt",))
    version = on_databricks.lakehouse.state(on_databricks.blueprint.sources[0].bronze).version

    on_databricks.land("renamed.csv.gz", [reading("EWR", NOON)], LATER)
    again = on_databricks.ingest()
    assert (again.loaded, again.known) == ((), ("a.csv.gz", "renamed.csv.gz"))
    assert on_databricks.lakehouse.state(on_databricks.blueprint.sources[0].bronze).version == version

    on_databricks.land("a.csv.gz", [reading("EWR", NOON, temp="60")], LATER)
    assert _loaded(on_databricks) == ["a.csv.gz"]
    assert [row["temp"] for row in on_databricks.rows(f"SELECT temp FROM {BRONZE} ORDER BY temp")] == ["50", "60"]

    on_databricks.lakehouse.restore(on_databricks.blueprint.sources[0].bronze, version)
    assert _count(on_databricks) == 1
    assert _loaded(on_databricks) == ["a.csv.gz"]
    assert _count(on_databricks) == 2
    held = on_databricks.lakehouse.loaded_files(on_databricks.blueprint.sources[0].bronze)
    assert sorted(held.values()) == ["a.csv.gz", "a.csv.gz"]


def test_bad_files_are_left_and_named_and_the_others_loaded(on_databricks: OnDatabricks) -> None:
    whole = csv_text([reading("EWR", NOON)])
    bad = {
        "empty.csv.gz": b"",
        "short.csv.gz": gzipped(whole.replace("temp,", "")),
        "renamed.csv.gz": gzipped(whole.replace("temp", "temperature", 1)),
        "ragged.csv.gz": gzipped(whole + "LGA,1\n"),
        "truncated.csv.gz": gzipped(whole)[:-10],
        "latin.csv.gz": gzip.compress(whole.replace("EWR", "Zürich").encode("latin-1")),
    }
    for name, content in bad.items():
        on_databricks.land(name, content, LANDED)
    on_databricks.land("good.csv.gz", [reading("JFK", NOON)], LANDED)
    ingestion = on_databricks.ingest()
    assert [file.name for file in ingestion.loaded] == ["good.csv.gz"]
    assert {problem.file: problem.reason.partition(";")[0] for problem in ingestion.problems} == {
        "empty.csv.gz": "the file is empty",
        "short.csv.gz": "the header: column 'temp' is missing",
        "renamed.csv.gz": "the header: column 'temp' is missing",
        "ragged.csv.gz": "row 2 (line 3): has 2 fields where the header has 15",
        "truncated.csv.gz": "the gzip is truncated, its end is missing",
        "latin.csv.gz": "row 1 (line 2): column number 1 is not UTF-8 (byte 0xfc)",
    }
    assert {path.name for path in on_databricks.landing.iterdir()} == {*bad, "good.csv.gz"}
    on_databricks.land("empty.csv.gz", [reading("LGA", NOON)], LATER)
    assert _loaded(on_databricks) == ["empty.csv.gz"]


def test_a_load_whose_answer_was_lost_is_in_bronze_once(on_databricks: OnDatabricks) -> None:
    """The client sends it again: COPY INTO passes over a path it knows, and a forced load is taken away again."""
    failures = on_databricks.workspace.failures
    on_databricks.land("a.csv.gz", [reading("EWR", NOON)], LANDED)
    failures.cut_connection("ExecuteStatement", "(?s)COPY INTO.*'force' = 'false'", Moment.AFTER, times=1)
    assert _loaded(on_databricks) == ["a.csv.gz"]
    assert (len(on_databricks.sent("COPY INTO")), _count(on_databricks)) == (2, 1)

    on_databricks.land("a.csv.gz", [reading("EWR", NOON, temp="60")], LATER)
    failures.cut_connection("ExecuteStatement", "(?s)COPY INTO.*'force' = 'true'", Moment.AFTER, times=1)
    assert _loaded(on_databricks) == ["a.csv.gz"]
    assert len(on_databricks.sent("(?s)COPY INTO.*'force' = 'true'")) == 2
    assert _count(on_databricks) == 2


def test_a_run_that_ended_between_a_load_and_its_repetition_is_put_right_by_the_next(
    on_databricks: OnDatabricks,
) -> None:
    on_databricks.land("a.csv.gz", [reading("EWR", NOON)], LANDED)
    on_databricks.ingest()
    columns = ", ".join(on_databricks.blueprint.sources[0].bronze.column_names)
    later = columns.replace("_ingested_at", "_ingested_at + INTERVAL 1 SECOND")
    twice = f"INSERT INTO {BRONZE} ({columns}) SELECT {later} FROM {BRONZE}"
    on_databricks.lakehouse.execute(twice)
    assert _count(on_databricks) == 2
    assert on_databricks.ingest().loaded == ()
    assert _count(on_databricks) == 1


def test_what_an_attempt_loaded_before_it_was_cut_short_counts_as_loaded(on_databricks: OnDatabricks) -> None:
    on_databricks.land("a.csv.gz", [reading("EWR", NOON)], LANDED)
    workspace = on_databricks.workspace
    workspace.failures.do_before("count.*FROM bronze.*WHERE", lambda: workspace.power.stop(refusals=0))
    ingestion = on_databricks.ingest()
    assert ([file.name for file in ingestion.loaded], ingestion.known) == (["a.csv.gz"], ())
    assert ingestion.rows_by_period == {"2013-01": 1}
    assert _count(on_databricks) == 1


def test_a_file_that_changes_while_it_is_loaded_is_looked_at_again(on_databricks: OnDatabricks) -> None:
    on_databricks.land("a.csv.gz", [reading("EWR", NOON)], LANDED)

    def correct() -> None:
        on_databricks.land("a.csv.gz", [reading("EWR", NOON, temp="60"), reading("JFK", NOON)], LATER)

    on_databricks.workspace.failures.do_before("COPY INTO", correct)
    assert [(file.name, file.rows) for file in on_databricks.ingest().loaded] == [("a.csv.gz", 2)]
    (loaded,) = on_databricks.rows(f"SELECT DISTINCT _source_sha256, _source_modified_at FROM {BRONZE}")
    assert loaded["_source_modified_at"] == LATER
    assert on_databricks.lakehouse.content_hashes(on_databricks.blueprint.sources[0].landing, ["a.csv.gz"]) == {
        "a.csv.gz": loaded["_source_sha256"]
    }


def test_rows_that_are_not_those_that_were_judged_are_taken_out_again(on_databricks: OnDatabricks) -> None:
    two = csv_text([reading("EWR", NOON), reading("EWR", NOON)])
    one = csv_text([reading("EWR" + "x" * (len(two) - len(csv_text([reading("EWR", NOON)]))), NOON)])
    judged, loaded = (gzip.compress(text.encode(), compresslevel=0, mtime=0) for text in (two, one))
    assert len(judged) == len(loaded)
    on_databricks.land("a.csv.gz", judged, LANDED)
    on_databricks.workspace.failures.do_before("COPY INTO", lambda: on_databricks.land("a.csv.gz", loaded, LANDED))
    (problem,) = on_databricks.ingest().problems
    assert problem.fault == "the warehouse reads 1 rows where 2 stand"
    assert _count(on_databricks) == 0
    assert [(file.name, file.rows) for file in on_databricks.ingest().loaded] == [("a.csv.gz", 1)]


def test_nothing_landed_makes_an_empty_table(on_databricks: OnDatabricks) -> None:
    assert on_databricks.lakehouse.landed(on_databricks.blueprint.sources[0].landing).files == ()
    assert on_databricks.ingest().loaded == ()
    assert _count(on_databricks) == 0
