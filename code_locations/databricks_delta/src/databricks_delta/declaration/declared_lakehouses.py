from pathlib import Path

import yaml

from databricks_delta.declaration.lakehouse_declaration import LakehouseDeclaration

_COMPONENT = ".LakehouseComponent"


def declared_lakehouses(package: Path) -> list[LakehouseDeclaration]:
    """Every lakehouse that a location declares, read from its `defs.yaml` files without loading the location.

    Args:
        package: the folder of the location's package, which holds `defs/`.
    """
    files = sorted((package / "defs").rglob("defs.yaml"))
    contents = [yaml.safe_load(file.read_text(encoding="utf-8")) for file in files]
    return [
        LakehouseDeclaration.model_validate(content["attributes"])
        for content in contents
        if content["type"].endswith(_COMPONENT)
    ]
