from pathlib import Path
from typing import Any

import dagster as dg
import yaml
from dagster.components.testing import create_defs_folder_sandbox
from platform_contract.local_paths import checkout

REPOSITORY = checkout(Path(__file__))
DEFS_YAML = REPOSITORY / "code_locations/snowflake_medallion/src/snowflake_medallion/defs/shop/defs.yaml"


def load_shop(attributes: dict[str, Any]) -> dg.Definitions:
    """The definitions of the real `defs.yaml` with some attributes changed."""
    declared = yaml.safe_load(DEFS_YAML.read_text(encoding="utf-8"))
    declared["attributes"] |= {"project": str(REPOSITORY / "dbt_project")} | attributes
    with create_defs_folder_sandbox() as sandbox:
        folder = sandbox.defs_folder_path / "shop"
        folder.mkdir()
        (folder / "defs.yaml").write_text(yaml.safe_dump(declared), encoding="utf-8")
        with sandbox.build_component_tree() as tree:
            return tree.build_defs_at_path(folder)
