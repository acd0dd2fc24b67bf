"""What real Spark and Delta say of rows that they refuse, and everything that leaves searched for the name in them."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from tests.code_locations.databricks_delta.lakehouse.databricks.on_databricks import OnDatabricks
from tests.fakes.what_leaves import PERSON, WhatLeaves, what_leaves

pytestmark = pytest.mark.slow

FIRST, LAST = PERSON.split()
GUESTS = f"(SELECT concat('{FIRST}', ' ', '{LAST}') AS who)"


@pytest.fixture
def left(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Iterator[WhatLeaves]:
    with what_leaves(tmp_path / "dagster", capfd) as found:
        yield found


def test_no_name_leaves_the_warehouse_with_an_error(on_databricks: OnDatabricks, left: WhatLeaves) -> None:
    lakehouse = on_databricks.lakehouse
    lakehouse.execute("CREATE TABLE silver.stays (who STRING NOT NULL, nights INT) USING DELTA")
    lakehouse.execute("ALTER TABLE silver.stays ADD CONSTRAINT short CHECK (length(who) < 5)")
    refused = {
        "cast": f"INSERT INTO silver.stays SELECT who, CAST(who AS INT) FROM {GUESTS}",
        "constraint": f"INSERT INTO silver.stays SELECT who, 1 FROM {GUESTS}",
        "date": f"SELECT to_timestamp(who, 'yyyy-MM-dd') FROM {GUESTS}",
        "raised": f"SELECT raise_error(who) FROM {GUESTS}",
        "map": f"SELECT map(who, 1, who, 2) FROM {GUESTS}",
        "column": "SELECT nobody FROM silver.stays",
    }

    def ask(sql: str) -> dg.OpDefinition:
        @dg.op(name=next(name for name, said in refused.items() if said == sql))
        def asking() -> None:
            lakehouse.execute(sql)

        return asking

    @dg.job
    def questions() -> None:
        for sql in refused.values():
            ask(sql)()

    run = questions.execute_in_process(instance=left.instance, raise_on_error=False)
    errors = {event.step_key: event.step_failure_data.error for event in run.all_events if event.is_step_failure}
    said = {
        step: error.cause.message for step, error in errors.items() if error is not None and error.cause is not None
    }
    assert said.keys() == refused.keys()
    assert "CAST_INVALID_INPUT" in said["cast"]
    assert "CHECK constraint short" in said["constraint"]
    assert "Compare the SQL" in said["column"]
    assert "nobody" in said["column"]
    # Spark shows the statement as well, and so what a literal in it says.
    assert any(FIRST in statement for statement in on_databricks.sent("INSERT INTO silver.stays"))
    assert left.quoting(FIRST, LAST) == []
