from pathlib import Path

import yaml

from databricks_delta.components.blueprint import Blueprint
from databricks_delta.declaration.lakehouse_declaration import LakehouseDeclaration

_COMPONENT = ".LakehouseComponent"


def declared_blueprints(package: Path) -> list[Blueprint]:
    """Every lakehouse that a location declares, read from its `defs.yaml` files without loading the location.

    Args:
        package: the folder of the location's package, which holds `defs/`.
    """
    files = sorted((package / "defs").rglob("defs.yaml"))
    contents = [(file.parent, yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files]
    return [
        Blueprint(LakehouseDeclaration.model_validate(content["attributes"]), folder)
        for folder, content in contents
        if content["type"].endswith(_COMPONENT)
    ]
