from pathlib import Path

from platform_contract.domains import domain_named
from platform_runtime.lakehouse.declared_lakehouses import declared_lakehouses
from platform_runtime.lakehouse.lakehouse_declaration import LakehouseDeclaration

from databricks_delta.components.blueprint import Blueprint
from databricks_delta.quality.checks import Check


def declared_blueprints(package: Path) -> list[Blueprint]:
    """Every lakehouse that a location declares, read from its `defs.yaml` files without loading the location.

    Args:
        package: the folder of the location's package, which holds `defs/`.
    """
    return [
        Blueprint(declared.declaration, domain_named(declared.declaration.domain), declared.file.parent)
        for declared in declared_lakehouses([package / "defs"], LakehouseDeclaration[Check])
    ]
