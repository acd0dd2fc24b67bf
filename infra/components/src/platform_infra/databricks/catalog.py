from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_databricks as databricks
from platform_contract.table_upkeep import TableUpkeep

from platform_infra.databricks.arguments import CatalogArgs, SchemaArgs, VolumeArgs
from platform_infra.databricks.databricks_component import DatabricksComponent
from platform_infra.databricks.providers import Providers
from platform_infra.databricks.workspaces import OtherWorkspace

_BINDING_TYPES = {"read_only": "BINDING_TYPE_READ_ONLY", "read_write": "BINDING_TYPE_READ_WRITE"}


class Catalog(DatabricksComponent[CatalogArgs]):
    """An isolated catalog with its schemas and volumes, and the other workspaces that may use it.

    `located_in` is the external location that holds its storage, where this stack makes that too.
    """

    type_token = "platform:databricks:Catalog"  # noqa: S105 - a resource type, not a secret

    catalog: databricks.Catalog
    schemas: dict[str, databricks.Schema]
    volumes: dict[str, databricks.Volume]
    bindings: list[databricks.WorkspaceBinding]

    def __init__(
        self,
        name: str,
        args: CatalogArgs,
        located_in: databricks.ExternalLocation | None,
        providers: Providers,
        parent: pulumi.Resource | None,
    ) -> None:
        self._located_in: list[pulumi.Resource] = [] if located_in is None else [located_in]
        super().__init__(name, args, providers, parent)

    def declare(self, name: str, args: CatalogArgs) -> Mapping[str, Any]:
        """Make the catalog, then what is in it, then who else may use it."""
        is_optimized = args.upkeep is TableUpkeep.PREDICTIVE_OPTIMIZATION
        self.catalog = databricks.Catalog(
            name,
            name=args.name,
            comment=args.comment,
            isolation_mode="ISOLATED",
            storage_root=args.storage_root,
            # Left out, it is inherited from the account, where it is on.
            enable_predictive_optimization="ENABLE" if is_optimized else "DISABLE",
            properties=dict(args.properties),
            force_destroy=args.force_destroy,
            opts=self.in_workspace(protect=args.protect, depends_on=self._located_in),
        )
        self.schemas = {schema.name: self._schema(args, schema) for schema in args.schemas}
        self.volumes = {
            f"{schema.name}.{volume.name}": self._volume(args, schema, volume)
            for schema in args.schemas
            for volume in schema.volumes
        }
        # An isolated catalog is bound to its own workspace from the start.
        self.bindings = [self._binding(name, args, other) for other in args.shared_with]
        return {"catalog": self.catalog.name, "storage_root": self.catalog.storage_root}

    @property
    def securables(self) -> Mapping[str, pulumi.Resource]:
        """Everything here that privileges can be granted on, by its name inside the catalog."""
        return {"catalog": self.catalog, **self.schemas, **self.volumes}

    def _schema(self, args: CatalogArgs, schema: SchemaArgs) -> databricks.Schema:
        return databricks.Schema(
            schema.name,
            catalog_name=self.catalog.name,
            name=schema.name,
            comment=schema.comment,
            properties=dict(args.properties),
            force_destroy=args.force_destroy,
            opts=self.in_workspace(protect=args.protect),
        )

    def _volume(self, args: CatalogArgs, schema: SchemaArgs, volume: VolumeArgs) -> databricks.Volume:
        return databricks.Volume(
            f"{schema.name}.{volume.name}",
            catalog_name=self.catalog.name,
            schema_name=self.schemas[schema.name].name,
            name=volume.name,
            volume_type="MANAGED",
            comment=volume.comment,
            opts=self.in_workspace(protect=args.protect),
        )

    def _binding(self, name: str, args: CatalogArgs, other: OtherWorkspace) -> databricks.WorkspaceBinding:
        return databricks.WorkspaceBinding(
            f"{name}.{other.workspace_id}",
            securable_type="catalog",
            securable_name=args.name,
            workspace_id=str(other.workspace_id),
            binding_type=_BINDING_TYPES[other.access],
            opts=self.in_workspace(depends_on=[self.catalog]),
        )
