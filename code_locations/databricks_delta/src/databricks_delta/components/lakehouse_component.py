from dataclasses import dataclass
from pathlib import Path
from typing import Self, override

import dagster as dg
from platform_contract.clone_route import clone_route
from platform_contract.deployment import Trait
from platform_contract.domain import Domain, Engine
from platform_contract.domains import domain_named
from platform_contract.errors import ContractError
from platform_runtime.declared_components import declared_components
from platform_runtime.demo_mode_field import DemoMode
from platform_runtime.lakehouse.claims import refuse_shared_claims
from platform_runtime.lakehouse.declaration import DeclarationError
from platform_runtime.lakehouse.lakehouse_declaration import LakehouseDeclaration
from platform_runtime.lakehouse.warehouse_use import WarehouseUse
from platform_runtime.platform_context import PlatformContext, platform_context
from pydantic import BaseModel

from databricks_delta.clone.databricks_clone import DatabricksClone
from databricks_delta.clone.lakehouse_clone import LakehouseClone
from databricks_delta.components.blueprint import Blueprint
from databricks_delta.components.blueprint_checks import check_blueprint
from databricks_delta.components.deployment_lakehouse import databricks_lakehouse
from databricks_delta.components.lakehouse_definitions import lakehouse_definitions
from databricks_delta.lakehouse.lakehouse import Lakehouse
from databricks_delta.lakehouse.local_lakehouse import LocalLakehouse
from databricks_delta.quality.checks import Check
from databricks_delta.scaffold.lakehouse_scaffolder import LakehouseScaffolder


class _Engine(dg.Resolvable, dg.Model):
    demo_mode: DemoMode


@dg.scaffold_with(LakehouseScaffolder)
@dataclass(frozen=True)
class LakehouseComponent(dg.Component):
    """A lakehouse declared in YAML: files that land, a bronze table, and silver and gold periods computed by SQL.

    A second lakehouse is a second `defs.yaml` with its SQL files, and no Python.
    """

    declaration: LakehouseDeclaration[Check]
    demo_mode: bool

    @classmethod
    @override
    def get_model_cls(cls) -> type[BaseModel]:
        return LakehouseDeclaration[Check]

    @classmethod
    @override
    def load(cls, attributes: BaseModel | None, context: dg.ComponentLoadContext) -> Self:
        if not isinstance(attributes, LakehouseDeclaration):
            raise DeclarationError(f"{context.path}: the lakehouse has no attributes; declare its source and tables")
        engine = _Engine.resolve_from_model(context.resolution_context.at_path("attributes"), attributes)
        return cls(attributes, engine.demo_mode)

    @override
    def build_defs(self, context: dg.ComponentLoadContext) -> dg.Definitions:
        # Of all that stand beside it, for two of them may claim one thing.
        declared = declared_components(context, LakehouseComponent)
        refuse_shared_claims((file, component.declaration) for file, component in declared)
        blueprint = Blueprint(self.declaration, _domain(self.declaration, context.path), context.path)
        check_blueprint(blueprint)
        platform = platform_context(self.demo_mode)
        warehouse = self.declaration.warehouse
        return lakehouse_definitions(blueprint, _lakehouse(platform, warehouse), _clone(platform, warehouse), platform)


def _domain(declaration: LakehouseDeclaration[Check], folder: Path) -> Domain:
    """The declared domain, which is one of those that are built in Databricks."""
    try:
        domain = domain_named(declaration.domain)
    except ContractError as error:
        raise DeclarationError(f"{folder / 'defs.yaml'}: domain: {error}") from None
    if domain.engine is not Engine.DATABRICKS:
        raise DeclarationError(
            f"{folder / 'defs.yaml'}: domain: {domain} is built in {domain.engine}; take one of engine databricks"
        )
    return domain


def _lakehouse(platform: PlatformContext, warehouse: WarehouseUse) -> Lakehouse:
    """The mode chooses the engine; the assets are the same."""
    if platform.demo_mode:
        paths = platform.local_paths
        return LocalLakehouse(
            tables_folder=str(paths.lakehouse), landing_folder=str(paths.landing), scratch_folder=str(paths.scratch)
        )
    return databricks_lakehouse(platform.deployment, warehouse)


def _clone(platform: PlatformContext, warehouse: WarehouseUse) -> LakehouseClone | None:
    """What fills a pull request's tables; no other deployment has it."""
    if not platform.deployment.has(Trait.PULL_REQUEST):
        return None
    route = clone_route(platform.deployment, platform.demo_mode)
    if not platform.demo_mode:
        return DatabricksClone(route, databricks_lakehouse(platform.deployment, warehouse))
    # delta-rs takes a quarter of a second to import.
    from databricks_delta.clone.local_clone import LocalClone  # noqa: PLC0415

    return LocalClone(route, platform.local_paths.root)
