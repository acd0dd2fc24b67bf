from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
from pulumi.dynamic import Resource

from platform_infra.local.store_provider import DELETE_DATA, MADE, PATH, LocalStoreProvider

_RELATIONS = (
    "select table_schema || '.' || table_name from information_schema.tables "
    "where table_catalog = current_database() order by 1"
)


class DuckDBFileProvider(LocalStoreProvider):
    """A DuckDB file; any table or view in it is data."""

    @property
    def identity(self) -> tuple[str, ...]:
        """Its path."""
        return (PATH,)

    def exists(self, props: Mapping[str, Any]) -> bool:
        """Whether there is a file at the path."""
        return Path(props[PATH]).is_file()

    def make(self, props: Mapping[str, Any]) -> None:
        """Make an empty DuckDB file, or open the one that is there to see that it is one."""
        from platform_runtime.local_stores import provision_duckdb_schemas  # noqa: PLC0415 - keeps the module light

        provision_duckdb_schemas(Path(props[PATH]), ())

    def held_data(self, props: Mapping[str, Any]) -> list[str]:
        """The tables and views of the file."""
        import duckdb  # noqa: PLC0415 - keeps the module light

        with duckdb.connect(props[PATH]) as connection:
            return [name for (name,) in connection.execute(_RELATIONS).fetchall()]

    def remove(self, props: Mapping[str, Any]) -> None:
        """Remove the file and its write-ahead log."""
        file = Path(props[PATH])
        file.unlink()
        file.with_name(f"{file.name}.wal").unlink(missing_ok=True)


class DuckDBFile(Resource, module="platform", name="DuckDBFile"):
    """A DuckDB file of a deployment on this machine."""

    path: pulumi.Output[str]
    made: pulumi.Output[bool]

    def __init__(self, name: str, path: Path, delete_data: bool, opts: pulumi.ResourceOptions) -> None:
        props = {PATH: str(path), DELETE_DATA: delete_data, MADE: None}
        super().__init__(DuckDBFileProvider(), name, props, opts)
