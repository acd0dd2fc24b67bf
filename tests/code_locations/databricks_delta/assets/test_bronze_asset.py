"""Bronze as a run materialises it, with good and bad files in the landing folder."""

import gzip

from tests.code_locations.databricks_delta.lakehouse_under_test import (
    BRONZE,
    LakehouseUnderTest,
    evaluations,
    materialised,
)
from tests.code_locations.databricks_delta.readings import COLUMNS, csv_text, gzipped, reading, utc

LANDED = utc(2013, 2, 1, 0)
NOON = utc(2013, 1, 5, 12)
READABLE = f"{BRONZE}:landing_files_readable"


def test_every_bad_file_is_named_with_its_fix_and_the_good_ones_are_loaded(weather: LakehouseUnderTest) -> None:
    whole = csv_text([reading("EWR", NOON)])
    without_temp = csv_text([reading("EWR", NOON)], [column for column in COLUMNS if column != "temp"])
    bad = {
        "missing.csv.gz": gzipped(without_temp),
        "renamed.csv.gz": gzipped(whole.replace("temp", "temperature", 1)),
        "extra.csv.gz": gzipped(whole.replace("origin", "country,origin").replace("EWR", "US,EWR")),
        "empty.csv.gz": b"",
        "truncated.csv.gz": gzipped(whole)[:-10],
        "latin.csv.gz": gzip.compress(whole.replace("EWR", "Zürich").encode("latin-1")),
    }
    for name, content in bad.items():
        weather.land(name, content, LANDED)
    weather.land("good.csv.gz", [reading("JFK", NOON)], LANDED)
    found = evaluations(weather.run((BRONZE,), "2013-01", "2013-01"))[READABLE]
    assert [row["origin"] for row in weather.rows(BRONZE)] == ["JFK"]
    assert (found.passed, found.severity.value, found.metadata["files_refused"].value) == (False, "ERROR", 6)
    said = found.description or ""
    assert "missing.csv.gz, the header: column 'temp' is missing" in said
    assert (
        "renamed.csv.gz, the header: column 'temp' is missing; column number 6 is unexpected, was 'temp' renamed?"
        in said
    )
    assert "extra.csv.gz, the header: column number 1 is unexpected" in said
    assert "empty.csv.gz: the file is empty; land it again" in said
    assert "truncated.csv.gz: the gzip is truncated" in said
    assert "latin.csv.gz, row 1 (line 2): column number 1 is not UTF-8 (byte 0xfc); save the file as UTF-8" in said
    assert "good.csv.gz" not in said


def test_the_check_stays_red_until_the_bad_file_is_replaced(weather: LakehouseUnderTest) -> None:
    weather.land("a.csv.gz", b"", LANDED)
    assert not evaluations(weather.run((BRONZE,), "2013-01", "2013-01"))[READABLE].passed
    assert not evaluations(weather.run((BRONZE,), "2013-01", "2013-01"))[READABLE].passed
    weather.land("a.csv.gz", [reading("EWR", NOON)], LANDED)
    assert evaluations(weather.run((BRONZE,), "2013-01", "2013-01"))[READABLE].passed


def test_a_materialisation_says_what_came_and_for_which_months(weather: LakehouseUnderTest) -> None:
    rows = [reading("EWR", NOON), reading("EWR", utc(2013, 2, 1, 0)), reading("EWR", "never")]
    weather.land("a.csv.gz", rows, LANDED)
    weather.land("notes.txt", b"by hand", LANDED)
    metadata = materialised(weather.run((BRONZE,), "2013-01", "2013-01"), weather.key(BRONZE))[None]
    assert metadata["periods"] == ["2013-01", "2013-02", "unreadable"]
    numbers = {name: metadata[name] for name in ("dagster/row_count", "rows_in", "rows_out", "rows_unreadable")}
    assert numbers == {"dagster/row_count": 3, "rows_in": 3, "rows_out": 3, "rows_unreadable": 1}
    assert (metadata["delta_version"], metadata["files"]) == (1, 3)
    assert metadata["bytes"] > 0
    assert metadata["seconds"] > 0
    assert "| a.csv.gz | 3 |" in metadata["files_loaded"]
    assert metadata["files_ignored"] == "notes.txt"
    assert "EWR" in metadata["preview"]
    assert [column.name for column in metadata["dagster/column_schema"].columns][: len(COLUMNS)] == list(COLUMNS)


def test_a_second_run_says_that_nothing_came(weather: LakehouseUnderTest) -> None:
    weather.land("a.csv.gz", [reading("EWR", NOON)], LANDED)
    weather.run((BRONZE,), "2013-01", "2013-01")
    metadata = materialised(weather.run((BRONZE,), "2013-01", "2013-01"), weather.key(BRONZE))[None]
    assert (metadata["dagster/row_count"], metadata["rows_in"], metadata["periods"]) == (1, 0, [])
    assert metadata["files_known"] == 1
