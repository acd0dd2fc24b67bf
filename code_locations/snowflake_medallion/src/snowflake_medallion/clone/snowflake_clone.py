from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, override

from platform_contract.clone_route import CloneRoute
from platform_contract.layer import Layer
from platform_contract.snowflake_names import Persona, SnowflakeNames
from platform_runtime.query_tag import query_tag
from platform_runtime.table_copy import TableCopy

from snowflake_medallion.clone import clone_sql
from snowflake_medallion.clone.cloned_table import ClonedTable
from snowflake_medallion.clone.table_clone import TableClone
from snowflake_medallion.snowflake_access import SnowflakeAccess

if TYPE_CHECKING:
    from snowflake.connector import SnowflakeConnection


@dataclass(frozen=True, slots=True)
class SnowflakeClone(TableClone):
    """Clones tables from the databases of one deployment into those of another, as the pull request's transformer."""

    route: CloneRoute

    @override
    def clone(self, table: ClonedTable, run_id: str) -> TableCopy | None:
        doing = f"the clone of {clone_sql.source_name(self.route, table)}"
        tag = query_tag(table.place.domain.name, table.key.to_user_string(), run_id)
        with self._access(table).connect(doing, tag) as connection:
            return self._clone(connection, table)

    def _access(self, table: ClonedTable) -> SnowflakeAccess:
        names = SnowflakeNames(self.route.target)
        return SnowflakeAccess(
            database=names.database(table.layer),
            schema_name=names.schema(table.place.domain, table.layer),
            warehouse=names.layer_warehouse(Layer.GOLD),
            role=names.role(Persona.TRANSFORMER),
            login_timeout_seconds=60,
            # It copies no row: what takes longer waits for something that does not come.
            queue_timeout_seconds=300,
            statement_timeout_seconds=600,
        )

    def _clone(self, connection: "SnowflakeConnection", table: ClonedTable) -> TableCopy | None:
        found = _rows(connection, clone_sql.show_source(self.route, table))
        if not found:
            return None
        _rows(connection, clone_sql.clone_table(self.route, table))
        ((count,),) = _rows(connection, clone_sql.count_rows(self.route, table))
        return TableCopy(
            source=clone_sql.source_name(self.route, table),
            version=f"last changed {found[0][0]}",
            rows=int(count),
            rows_by_partition=None,
            metadata={},
        )


def _rows(connection: "SnowflakeConnection", sql: str) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()
