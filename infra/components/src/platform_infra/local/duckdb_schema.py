from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
from pulumi.dynamic import Resource

from platform_infra.local.store_provider import DELETE_DATA, MADE, PATH, LocalStoreProvider

SCHEMA = "schema"
_SCHEMA_COUNT = (
    "select count(*) from information_schema.schemata where catalog_name = current_database() and schema_name = ?"
)
_RELATIONS = (
    "select table_name from information_schema.tables "
    "where table_catalog = current_database() and table_schema = ? order by 1"
)


class DuckDBSchemaProvider(LocalStoreProvider):
    """A schema of a DuckDB file; any table or view in it is data."""

    @property
    def identity(self) -> tuple[str, ...]:
        """The file and the name in it."""
        return (PATH, SCHEMA)

    def exists(self, props: Mapping[str, Any]) -> bool:
        """Whether the file is there and has the schema."""
        return Path(props[PATH]).is_file() and self._ask(props, _SCHEMA_COUNT) == [1]

    def make(self, props: Mapping[str, Any]) -> None:
        """Make the schema, and the file where it is missing."""
        from platform_runtime.local_stores import provision_duckdb_schemas  # noqa: PLC0415 - keeps the module light

        provision_duckdb_schemas(Path(props[PATH]), (props[SCHEMA],))

    def held_data(self, props: Mapping[str, Any]) -> list[str]:
        """The tables and views of the schema."""
        return self._ask(props, _RELATIONS)

    def remove(self, props: Mapping[str, Any]) -> None:
        """Drop the schema and everything in it."""
        import duckdb  # noqa: PLC0415 - keeps the module light

        with duckdb.connect(props[PATH]) as connection:
            connection.execute(f'drop schema "{props[SCHEMA]}" cascade')

    def _ask(self, props: Mapping[str, Any], question: str) -> list[Any]:
        import duckdb  # noqa: PLC0415 - keeps the module light

        with duckdb.connect(props[PATH]) as connection:
            return [answer for (answer,) in connection.execute(question, [props[SCHEMA]]).fetchall()]


class DuckDBSchema(Resource, module="platform", name="DuckDBSchema"):
    """A schema of a DuckDB file on this machine."""

    path: pulumi.Output[str]
    schema: pulumi.Output[str]
    made: pulumi.Output[bool]

    def __init__(
        self, name: str, path: pulumi.Input[str], schema: str, delete_data: bool, opts: pulumi.ResourceOptions
    ) -> None:
        props = {PATH: path, SCHEMA: schema, DELETE_DATA: delete_data, MADE: None}
        super().__init__(DuckDBSchemaProvider(), name, props, opts)
