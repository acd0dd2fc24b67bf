from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pulumi
from platform_contract.local_paths import LocalPaths
from platform_runtime.local_store_layout import delta_roots, duckdb_schemas, working_folders

from platform_infra.component import PlatformComponent
from platform_infra.local.dagster_home import DagsterHome
from platform_infra.local.duckdb_file import DuckDBFile
from platform_infra.local.duckdb_schema import DuckDBSchema
from platform_infra.local.folder import LocalFolder


@dataclass(frozen=True, slots=True)
class LocalStoresArgs:
    """What the local stores of one deployment are made from.

    `delete_data` says whether `pulumi destroy` may delete a store that holds data.
    """

    paths: LocalPaths
    delete_data: bool


class LocalStores(PlatformComponent[LocalStoresArgs]):
    """The folders, DuckDB files, schemas, Delta roots and Dagster home of one deployment on this machine."""

    type_token: ClassVar[str] = "platform:local:LocalStores"  # noqa: S105 - a resource type

    home: LocalFolder
    dagster_home: DagsterHome
    working_folders: dict[str, LocalFolder]
    delta_roots: dict[str, LocalFolder]
    databases: dict[str, DuckDBFile]
    schemas: dict[str, DuckDBSchema]

    def declare(self, name: str, args: LocalStoresArgs) -> Mapping[str, pulumi.Output[str]]:
        """Make every store; what lies in another is made after it and removed before it."""
        paths = args.paths
        self.home = self._enclosing_folder(name, paths.home, inside=[])
        self.dagster_home = DagsterHome("dagster", paths.dagster_home, args.delete_data, self._inside(self.home))
        self.working_folders = {
            path.name: LocalFolder(path.name, path, args.delete_data, self._inside(self.home))
            for path in working_folders(paths)
        }
        self.delta_roots = self._delta_roots(paths)
        self._declare_databases(paths)
        return {"home": self.home.path}

    def _delta_roots(self, paths: LocalPaths) -> dict[str, LocalFolder]:
        lakehouse = self._enclosing_folder("lakehouse", paths.lakehouse, inside=[self.home])
        return {
            schema: LocalFolder(f"lakehouse.{schema}", path, self.args.delete_data, self._inside(lakehouse))
            for schema, path in delta_roots(paths).items()
        }

    def _declare_databases(self, paths: LocalPaths) -> None:
        warehouse = self._enclosing_folder("warehouse", paths.raw_database.parent, inside=[self.home])
        self.databases, self.schemas = {}, {}
        for path, schemas in duckdb_schemas(paths).items():
            database = DuckDBFile(path.stem, path, self.args.delete_data, self._inside(warehouse))
            self.databases[path.stem] = database
            for schema in schemas:
                self.schemas[f"{path.stem}.{schema}"] = self._schema(database, path, schema)

    def _schema(self, database: DuckDBFile, path: Path, schema: str) -> DuckDBSchema:
        return DuckDBSchema(
            f"{path.stem}.{schema}", database.path, schema, self.args.delete_data, self._inside(database)
        )

    def _enclosing_folder(self, name: str, path: Path, inside: list[pulumi.Resource]) -> LocalFolder:
        """A folder of stores: a file in it that is in none of them belongs to someone else and is never deleted."""
        return LocalFolder(name, path, False, self.child(depends_on=inside))

    def _inside(self, store: pulumi.Resource) -> pulumi.ResourceOptions:
        return self.child(depends_on=[store])
