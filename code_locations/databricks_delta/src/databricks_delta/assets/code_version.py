import hashlib
import json
from collections.abc import Sequence

from databricks_delta.lakehouse.landing import LandingSource
from databricks_delta.lakehouse.month_table import MonthTable
from databricks_delta.lakehouse.statement import Statement
from databricks_delta.lakehouse.table import LakehouseTable


def month_table_version(target: MonthTable) -> str:
    """The code version of a silver or gold table: another one, and its months are out of date."""
    return _version(target.statement, target.table, [target.reads_days_before])


def bronze_version(bronze: LakehouseTable, source: LandingSource) -> str:
    """The code version of bronze: another one, and what lands next is taken in otherwise."""
    return _version(source.event_time_statement, bronze, [source.files, source.key])


def _version(statement: Statement, table: LakehouseTable, others: Sequence[object]) -> str:
    """Changes with all that rows, or how they lie, depend on; not with what only describes, checks or shows them.

    Of the parameters that is the value of each that the statement names.
    """
    parameters = {name: statement.parameters.get(name) for name in sorted(statement.parameters_named)}
    columns = [[column.name, column.type, column.nullable] for column in table.columns]
    stored = [columns, sorted(table.constraints.items()), table.clustering, table.liquid]
    return hashlib.sha256(json.dumps([statement.sql, parameters, stored, others]).encode()).hexdigest()[:12]
