from dataclasses import replace

import pytest
from databricks_delta.lakehouse.databricks.copy_into import copy_into
from databricks_delta.lakehouse.databricks.landed_batch import CheckedFile
from platform_runtime.files.landed_file import LandedFile

from tests.code_locations.databricks_delta.lakehouse_under_test import shipped_blueprint
from tests.code_locations.databricks_delta.readings import utc

FILE = CheckedFile(LandedFile("it's a.csv.gz", 12, utc(2013, 2, 1, 0)), "ab12", ("origin",), 1)


def _statement(event_time: str) -> str:
    blueprint = shipped_blueprint()
    source = replace(blueprint.sources[0].landing, event_time=event_time, parameters={"form": r"^\d'$", "limit": 3})
    return copy_into(blueprint.sources[0].bronze, source, "/Volumes/c/ops/landing/weather", [FILE], force=False)


def test_a_row_is_known_by_the_file_that_was_judged_and_no_other() -> None:
    statement = _statement("to_timestamp(time_hour)")
    file = (
        "CASE WHEN _metadata.file_name IN ('it\\'s a.csv.gz', 'it\\'s%20a.csv.gz') AND _metadata.file_size = 12 "
        "AND _metadata.file_modification_time = TIMESTAMP '2013-02-01T00:00:00.000000Z' THEN "
    )
    assert f"{file}'ab12' END AS _source_sha256" in statement
    assert "FILES = ('it\\'s a.csv.gz')" in statement


@pytest.mark.parametrize(
    ("event_time", "month"),
    [
        (
            "CASE WHEN time_hour RLIKE :form THEN try_cast(time_hour AS TIMESTAMP) END",
            r"CASE WHEN REGEXP_LIKE(COALESCE(`time_hour`, ''), '^\\d\'$') THEN TRY_CAST(COALESCE(`time_hour`, '') AS ",
        ),
        ("if(hour > :limit, to_timestamp(day), NULL)", "IF(COALESCE(`hour`, '') > 3, "),
    ],
)
def test_the_month_is_computed_of_the_fields_as_text_with_values_for_parameters(event_time: str, month: str) -> None:
    assert f"coalesce(date_format({month}" in _statement(event_time)
