from pathlib import Path

import yaml


def location_names(workspace_file: Path) -> list[str]:
    """The names of the code locations of a `workspace.yaml`, in its order, without importing Dagster."""
    workspace = yaml.safe_load(workspace_file.read_text(encoding="utf-8"))
    return [target["location_name"] for entry in workspace["load_from"] for target in entry.values()]
