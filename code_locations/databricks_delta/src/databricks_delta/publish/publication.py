import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from platform_contract.domain import Domain
from platform_runtime.files.landing_place import LandingPlace

from databricks_delta.lakehouse.lakehouse import Lakehouse, Row
from databricks_delta.lakehouse.periods import PeriodRange
from databricks_delta.lakehouse.sql_names import quoted
from databricks_delta.lakehouse.statement import Statement
from databricks_delta.lakehouse.table import Column, LakehouseTable


@dataclass(frozen=True, slots=True)
class PublishedPeriod:
    """What became of a period: its file below the receiver's landing place, its rows, and whether it was written."""

    file: str
    rows: int
    written: bool


def publish(
    lakehouse: Lakehouse, table: LakehouseTable, receiver: Domain, periods: PeriodRange
) -> list[PublishedPeriod]:
    """Let the receiver have the rows that each period of a table has now, as `<table>/<period>.parquet`.

    A file is written only if its content is another than the one that is there, so that nobody loads what is known.

    Raises:
        LakehouseError: when the table cannot be read; nothing has arrived then.
        dagster.Failure: when object storage refuses; the first line says what to do.
    """
    place = lakehouse.landing_place(receiver)
    return [_publish(lakehouse, place, table, period) for period in periods.periods]


def _publish(lakehouse: Lakehouse, place: LandingPlace, table: LakehouseTable, period: str) -> PublishedPeriod:
    name = f"{table.name}/{period}.parquet"
    with tempfile.TemporaryDirectory(prefix="publish-") as folder:
        file = Path(folder) / "period.parquet"
        rows = lakehouse.export(
            _rows(table, period), PeriodRange(period, period), lambda pages: _write(file, table, pages)
        )
        return PublishedPeriod(name, rows, place.replace(name, file))


def _write(file: Path, table: LakehouseTable, pages: Iterable[list[Row]]) -> int:
    # Not where definitions load: pyarrow takes a third of a second to import.
    from databricks_delta.publish.period_file import write_parquet  # noqa: PLC0415

    return write_parquet(file, _columns(table), pages)


def _rows(table: LakehouseTable, period: str) -> Statement:
    """Every column but the period, which the file is named by; in one order, whatever files hold the rows."""
    columns = [column.name for column in _columns(table)]
    order = quoted(dict.fromkeys((*table.clustering, *columns)))
    here = f"{table.period} = '{period}'"
    sql = f"SELECT {quoted(columns)} FROM {table.sql_name} WHERE {here} ORDER BY {order}"  # noqa: S608
    return Statement(sql, f"publication of {table.full_name}", {})


def _columns(table: LakehouseTable) -> list[Column]:
    return [column for column in table.columns if column.name != table.period]
