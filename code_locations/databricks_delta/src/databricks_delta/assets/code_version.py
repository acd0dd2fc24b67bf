import hashlib
import json
from collections.abc import Sequence

from databricks_delta.lakehouse.bronze_source import BronzeSource
from databricks_delta.lakehouse.dimension_table import DimensionTable
from databricks_delta.lakehouse.period_table import PeriodTable
from databricks_delta.lakehouse.statement import Statement
from databricks_delta.lakehouse.table import LakehouseTable


def period_table_version(target: PeriodTable) -> str:
    """The code version of a silver or gold table: another one, and its periods are out of date."""
    return _version(target.statement, target.table, [target.reads_days_before])


def dimension_version(target: DimensionTable) -> str:
    """The code version of a dimension: another one, and it is out of date."""
    return _version(target.statement, target.table, [target.keeps_versions])


def bronze_version(source: BronzeSource) -> str:
    """The code version of bronze: another one, and what lands next is taken in otherwise."""
    landing = source.landing
    return _version(landing.event_time_statement, source.bronze, [landing.files, landing.key])


def _version(statement: Statement, table: LakehouseTable, others: Sequence[object]) -> str:
    """Changes with all that rows, or how they lie, depend on; not with what only describes, checks or shows them.

    Of the parameters that is the value of each that the statement names.
    """
    parameters = {name: statement.parameters.get(name) for name in sorted(statement.parameters_named)}
    columns = [[column.name, column.type.value, column.nullable] for column in table.columns]
    stored = [columns, sorted(table.constraints.items()), table.clustering, table.liquid]
    return hashlib.sha256(json.dumps([statement.sql, parameters, stored, others]).encode()).hexdigest()[:12]
