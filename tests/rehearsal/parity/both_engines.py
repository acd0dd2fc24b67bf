"""One question put to both engines, each as its lakehouse puts it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
from databricks_delta.lakehouse import databricks_sql
from databricks_delta.lakehouse.delta_engine import DeltaEngine
from databricks_delta.lakehouse.delta_store import open_table
from databricks_delta.lakehouse.duckdb_session import Memory, duckdb_session
from databricks_delta.lakehouse.sql_names import quoted
from databricks_delta.lakehouse.statement import Statement
from databricks_delta.lakehouse.table import LakehouseTable
from deltalake import write_deltalake

from tests.rehearsal.comparison.compare import Comparison, compare
from tests.rehearsal.comparison.compared_table import from_arrow
from tests.rehearsal.databricks.client import Client


@dataclass(frozen=True)
class BothEngines:
    """The same tables on DuckDB with delta-rs, and on Spark.

    Attributes:
        local: holds the local tables, and whatever DuckDB spills.
        client: a session in the catalog of the others.
        volume: path of a volume of that catalog, as SQL names it.
        volume_folder: the same volume, as a folder.
    """

    local: Path
    client: Client
    volume: str
    volume_folder: Path

    def fill(self, table: LakehouseTable, rows: pa.Table) -> None:
        """Make a table on both, with those rows alone."""
        rows = rows.select(table.column_names)
        path = self.local / "tables" / table.layer.value / table.name
        write_deltalake(open_table(path, table), rows, mode="overwrite")
        self.volume_folder.mkdir(parents=True, exist_ok=True)
        pyarrow.parquet.write_table(rows, self.volume_folder / f"{table.name}.parquet")
        columns = quoted(table.column_names)
        self.client.run(databricks_sql.create_table(table))
        self.client.run(
            f"INSERT OVERWRITE {table.full_name} ({columns}) "
            f"SELECT {columns} FROM parquet.`{self.volume}/{table.name}.parquet`"
        )

    def on_duckdb(self, statement: Statement) -> pa.Table:
        """The answer of the local lakehouse's session, in Arrow's types."""
        engine = DeltaEngine(self.local / "tables", self.local / "scratch")
        with duckdb_session(self.local / "scratch", Memory.OF_A_QUERY) as session:
            engine.expose(session, statement, None)
            answer = session._connection.sql(statement.duckdb_sql, params=statement.bound_parameters)
            return answer.to_arrow_table()

    def on_spark(self, statement: Statement) -> pa.Table:
        """The answer of the statement as it stands, in Arrow's types."""
        parameters: Mapping[str, Any] = statement.bound_parameters
        with self.client.connection.cursor() as cursor:
            cursor.execute(statement.sql, dict(parameters) or None)
            return cursor.fetchall_arrow()

    def compared(self, statement: Statement) -> Comparison:
        """Both answers: names, order and kinds of columns, every row, and the signs of zeros."""
        expected, found = _signed(self.on_duckdb(statement)), _signed(self.on_spark(statement))
        return compare(statement.origin, from_arrow(expected), from_arrow(found))


def _signed(answer: pa.Table) -> pa.Table:
    """An answer with a column that says which of a row's doubles are negative zeros: these equal the others."""
    doubles = [
        name for name, kind in zip(answer.column_names, answer.schema.types, strict=True) if kind == pa.float64()
    ]
    signs = [
        ", ".join(name for name, value in row.items() if value == 0 and math.copysign(1, value) < 0)
        for row in answer.select(doubles).to_pylist()
    ]
    return answer.append_column("negative zeros", pa.array(signs, pa.string())) if doubles else answer
