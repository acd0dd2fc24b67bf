from collections.abc import Mapping
from typing import Any

import dagster as dg
from platform_runtime.lakehouse.tables import Plot

from databricks_delta.assets.asset_context import AssetContext, column_schema
from databricks_delta.assets.markdown import markdown_table
from databricks_delta.assets.preview import previews
from databricks_delta.assets.row_counts import rows_of_statement, rows_of_table
from databricks_delta.assets.table_plot import table_plot
from databricks_delta.lakehouse.column_lineage import column_lineage
from databricks_delta.lakehouse.lakehouse import Lakehouse, Reader, Row, TableState
from databricks_delta.lakehouse.month_table import MonthTable
from databricks_delta.lakehouse.months import UNREADABLE_MONTH, MonthRange
from databricks_delta.lakehouse.sql_names import quoted
from databricks_delta.lakehouse.statement import Statement
from databricks_delta.publish.publication import publish


def metadata_by_month(
    reader: Reader, target: MonthTable, rejected: MonthTable | None, months: MonthRange
) -> dict[str, dict[str, Any]]:
    """Row counts and first rows of each month.

    Args:
        reader: where the tables are.
        target: the table, whose months have just been replaced.
        rejected: the table of the rows that it rejected, where there is one. They are counted from its SELECT, because
            the table itself may be replaced only later in the same run.
        months: the months.
    """
    rows = rows_of_table(reader, target.table.full_name, months)
    arrived = rows_of_table(reader, min(target.statement.tables_read), months)
    refused = None if rejected is None else _rows_refused(reader, rejected, months)
    preview = previews(reader, target.table, months)
    return {
        month: {
            **_counts(month, rows, arrived),
            **_rejections(month, rows, arrived, refused),
            **({"rows_unreadable": rows.get(UNREADABLE_MONTH, 0)} if target.holds_unreadable else {}),
            "preview": dg.MetadataValue.md(preview.get(month, "_no rows_")),
        }
        for month in months.months
    }


def _rows_refused(reader: Reader, rejected: MonthTable, months: MonthRange) -> dict[str, int]:
    return rows_of_statement(reader, rejected.statement.for_months(months), rejected.months_read(months))


def _counts(month: str, rows: Mapping[str, int], arrived: Mapping[str, int]) -> dict[str, int]:
    here = rows.get(month, 0)
    return {"dagster/row_count": here, "rows_in": arrived.get(month, 0), "rows_out": here}


def _rejections(
    month: str, rows: Mapping[str, int], arrived: Mapping[str, int], refused: Mapping[str, int] | None
) -> dict[str, int]:
    if refused is None:
        return {}
    rejected = refused.get(month, 0)
    return {
        "rows_rejected": rejected,
        "rows_superseded": arrived.get(month, 0) - rows.get(month, 0) - rejected,
    }


def table_metadata(shared: AssetContext, target: MonthTable, state: TableState) -> dict[str, Any]:
    """What is the same for every month: the table's version and size, its columns, and where they come from."""
    return {
        "delta_version": state.version,
        "files": state.files,
        "bytes": state.size_bytes,
        "dagster/column_schema": column_schema(target.table),
        "dagster/column_lineage": _lineage(shared, target.statement),
    }


def plot_metadata(reader: Reader, plot: Plot | None, full_name: str, months: MonthRange) -> dict[str, Any]:
    """The declared picture of those months, if one is declared."""
    if plot is None:
        return {}
    drawn = Statement(
        f"SELECT {quoted([plot.x, plot.y, plot.series])} FROM {full_name} "  # noqa: S608
        f"WHERE {months.rows(unreadable=False)} ORDER BY {quoted([plot.x])}",
        f"plot of {full_name}",
        {},
    )
    return {"plot": dg.MetadataValue.md(table_plot(plot, reader.query(drawn, months), months))}


def publication_metadata(lakehouse: Lakehouse, target: MonthTable, months: MonthRange) -> dict[str, Any]:
    """Hands those months to the domain that receives the table, where one does, and says what it was handed."""
    if target.published_to is None:
        return {}
    files = publish(lakehouse, target.table, target.published_to, months)
    listed: list[Row] = [{"file": one.file, "rows": one.rows, "written": one.written} for one in files]
    return {
        "published_to": target.published_to.name,
        "published": dg.MetadataValue.md(markdown_table(listed)),
        "files_published": sum(one.written for one in files),
    }


def _lineage(shared: AssetContext, statement: Statement) -> dg.TableColumnLineage:
    read = [shared.tables[full_name] for full_name in sorted(statement.tables_read)]
    return dg.TableColumnLineage(
        {
            column: [dg.TableColumnDep(shared.key(full_name), name) for full_name, name in sources]
            for column, sources in column_lineage(statement, read).items()
        }
    )
