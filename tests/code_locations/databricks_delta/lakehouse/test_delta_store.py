from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest
from databricks_delta.lakehouse import delta_store
from databricks_delta.lakehouse.delta_store import commit, open_table
from databricks_delta.lakehouse.errors import LakehouseError
from databricks_delta.lakehouse.table import Column, ColumnType, LakehouseTable, period_column
from deltalake import DeltaTable, write_deltalake
from deltalake.exceptions import CommitFailedError, DeltaError
from platform_contract.layer import Layer
from platform_runtime.lakehouse.granularity import Granularity
from platform_runtime.marks.marks import NO_MARKS

MONTH = period_column(Granularity.MONTH)
STATION = Column("station", ColumnType.STRING, "Code of the station", nullable=False)
READINGS = Column("readings", ColumnType.BIGINT, "How many", nullable=True)
TABLE = LakehouseTable(
    layer=Layer.GOLD,
    granularity=Granularity.MONTH,
    schema="gold",
    name="daily",
    description="A day in one row",
    columns=(STATION, READINGS, MONTH),
    clustering=("station",),
    liquid=False,
    constraints={"counted": "readings > 0"},
    retention_days=14,
    marks=NO_MARKS,
)


@pytest.fixture
def opened(tmp_path: Path) -> DeltaTable:
    return open_table(tmp_path / "daily", TABLE)


def _row(readings: int) -> pa.Table:
    return pa.table({"station": ["EWR"], "readings": [readings], "_month": ["2013-01"]})


def test_a_new_table_is_what_its_declaration_says(opened: DeltaTable) -> None:
    assert opened.metadata().description == "A day in one row"
    assert opened.metadata().partition_columns == ["_month"]
    fields = {field.name: (str(field.type.type), field.nullable, field.metadata) for field in opened.schema().fields}
    assert fields["station"] == ("string", False, {"comment": "Code of the station"})
    assert fields["readings"] == ("long", True, {"comment": "How many"})


def test_readers_of_either_engine_see_the_rows_as_they_are(opened: DeltaTable) -> None:
    configuration = opened.metadata().configuration
    assert configuration["delta.enableDeletionVectors"] == "false"
    assert configuration["delta.columnMapping.mode"] == "none"
    assert configuration["delta.deletedFileRetentionDuration"] == "interval 14 days"
    assert opened.protocol().reader_features is None


def test_opening_again_changes_nothing(opened: DeltaTable) -> None:
    assert open_table(Path(opened.table_uri), TABLE).version() == opened.version()


def test_a_constraint_is_enforced_and_follows_the_declaration(opened: DeltaTable) -> None:
    with pytest.raises(DeltaError, match="failed validation check"):
        write_deltalake(opened, _row(0), mode="append")
    relaxed = open_table(Path(opened.table_uri), replace(TABLE, constraints={"counted": "readings >= 0"}))
    write_deltalake(relaxed, _row(0), mode="append")
    with pytest.raises(LakehouseError, match=r"gold\.daily: constraint counted \(readings > 5\) cannot be added"):
        open_table(Path(opened.table_uri), replace(TABLE, constraints={"counted": "readings > 5"}))
    assert _constraints(open_table(Path(opened.table_uri), replace(TABLE, constraints={}))) == {}


def _constraints(table: DeltaTable) -> dict[str, str]:
    return {k: v for k, v in table.metadata().configuration.items() if k.startswith("delta.constraints.")}


def test_a_new_column_is_added_and_empty_where_rows_are(opened: DeltaTable) -> None:
    write_deltalake(opened, _row(3), mode="append")
    wind = Column("wind", ColumnType.DOUBLE, "m/s", nullable=False)
    wider = open_table(Path(opened.table_uri), replace(TABLE, columns=(STATION, READINGS, wind, MONTH)))
    assert pa.table(wider.scan()).to_pylist() == [{"station": "EWR", "readings": 3, "_month": "2013-01", "wind": None}]


@pytest.mark.parametrize(
    "columns",
    [
        pytest.param((STATION, replace(READINGS, type=ColumnType.DOUBLE), MONTH), id="another type"),
        pytest.param((STATION, MONTH), id="no longer declared"),
    ],
)
def test_a_column_that_would_lose_values_is_refused(opened: DeltaTable, columns: tuple[Column, ...]) -> None:
    with pytest.raises(LakehouseError, match=r"gold\.daily holds the columns readings, which defs\.yaml declares"):
        open_table(Path(opened.table_uri), replace(TABLE, columns=columns))


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    slept: list[float] = []
    monkeypatch.setattr(delta_store.time, "sleep", slept.append)
    return slept


def test_an_attempt_that_was_beaten_is_made_again(pauses: list[float]) -> None:
    beaten = iter([True, True, False])

    def attempt() -> str:
        if next(beaten):
            raise CommitFailedError
        return "written"

    assert commit(TABLE, attempt) == "written"
    assert len(pauses) == 2


def test_attempts_are_bounded_and_the_error_says_what_to_do(pauses: list[float]) -> None:
    def attempt() -> None:
        raise CommitFailedError

    with pytest.raises(LakehouseError, match=r"gold\.daily: other writers committed first 12 times; .* run it again"):
        commit(TABLE, attempt)
    assert max(pauses) <= 2


def test_any_other_failure_is_not_repeated(pauses: list[float]) -> None:
    def attempt() -> None:
        raise DeltaError("Generic LocalFileSystem error: No space left on device (os error 28)")

    with pytest.raises(DeltaError, match="No space left"):
        commit(TABLE, attempt)
    assert pauses == []
