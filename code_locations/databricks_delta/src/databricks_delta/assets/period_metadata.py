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
from databricks_delta.lakehouse.period_table import PeriodTable
from databricks_delta.lakehouse.periods import UNREADABLE_PERIOD, PeriodRange
from databricks_delta.lakehouse.sql_names import quoted, quoted_name
from databricks_delta.lakehouse.statement import Statement
from databricks_delta.publish.publication import publish


def metadata_by_period(
    shared: AssetContext, reader: Reader, target: PeriodTable, rejected: PeriodTable | None, periods: PeriodRange
) -> dict[str, dict[str, Any]]:
    """Row counts and first rows of each period.

    Args:
        shared: knows the tables that it reads.
        reader: where the tables are.
        target: the table, whose periods have just been replaced.
        rejected: the table of the rows that it rejected, where there is one. They are counted from its SELECT, because
            the table itself may be replaced only later in the same run.
        periods: the periods.
    """
    rows = rows_of_table(reader, target.table.full_name, periods)
    arrived = rows_of_table(reader, _arriving(shared, target), periods)
    refused = None if rejected is None else _rows_refused(reader, rejected, periods)
    preview = previews(reader, target.table, periods)
    return {
        period: {
            **_counts(period, rows, arrived),
            **_rejections(period, rows, arrived, refused),
            **({"rows_unreadable": rows.get(UNREADABLE_PERIOD, 0)} if target.holds_unreadable else {}),
            "preview": dg.MetadataValue.md(preview.get(period, "_no rows_")),
        }
        for period in periods.periods
    }


def _arriving(shared: AssetContext, target: PeriodTable) -> str:
    """The table whose rows are counted as those that came in: the first that has periods."""
    return min(name for name in target.statement.tables_read if shared.tables[name].granularity is not None)


def _rows_refused(reader: Reader, rejected: PeriodTable, periods: PeriodRange) -> dict[str, int]:
    return rows_of_statement(reader, rejected.statement.for_periods(periods), rejected.periods_read(periods))


def _counts(period: str, rows: Mapping[str, int], arrived: Mapping[str, int]) -> dict[str, int]:
    here = rows.get(period, 0)
    return {"dagster/row_count": here, "rows_in": arrived.get(period, 0), "rows_out": here}


def _rejections(
    period: str, rows: Mapping[str, int], arrived: Mapping[str, int], refused: Mapping[str, int] | None
) -> dict[str, int]:
    if refused is None:
        return {}
    rejected = refused.get(period, 0)
    return {
        "rows_rejected": rejected,
        "rows_superseded": arrived.get(period, 0) - rows.get(period, 0) - rejected,
    }


def table_metadata(shared: AssetContext, target: PeriodTable, state: TableState) -> dict[str, Any]:
    """What is the same for every period: the table's version and size, its columns, and where they come from."""
    return {
        "delta_version": state.version,
        "files": state.files,
        "bytes": state.size_bytes,
        "dagster/column_schema": column_schema(target.table),
        "dagster/column_lineage": lineage(shared, target.statement),
    }


def plot_metadata(reader: Reader, plot: Plot | None, full_name: str, periods: PeriodRange) -> dict[str, Any]:
    """The declared picture of those periods, if one is declared."""
    if plot is None:
        return {}
    drawn = Statement(
        f"SELECT {quoted([plot.x, plot.y, plot.series])} FROM {quoted_name(full_name)} "  # noqa: S608
        f"WHERE {periods.rows(unreadable=False)} ORDER BY {quoted([plot.x])}",
        f"plot of {full_name}",
        {},
    )
    return {"plot": dg.MetadataValue.md(table_plot(plot, reader.query(drawn, periods), periods))}


def publication_metadata(lakehouse: Lakehouse, target: PeriodTable, periods: PeriodRange) -> dict[str, Any]:
    """Hands those periods to the domain that receives the table, where one does, and says what it was handed."""
    if target.published_to is None:
        return {}
    files = publish(lakehouse, target.table, target.published_to, periods)
    listed: list[Row] = [{"file": one.file, "rows": one.rows, "written": one.written} for one in files]
    return {
        "published_to": target.published_to.name,
        "published": dg.MetadataValue.md(markdown_table(listed)),
        "files_published": sum(one.written for one in files),
    }


def lineage(shared: AssetContext, statement: Statement) -> dg.TableColumnLineage:
    """Which columns of which tables each column is computed from."""
    read = [shared.tables[full_name] for full_name in sorted(statement.tables_read)]
    return dg.TableColumnLineage(
        {
            column: [dg.TableColumnDep(shared.key(full_name), name) for full_name, name in sources]
            for column, sources in column_lineage(statement, read).items()
        }
    )
