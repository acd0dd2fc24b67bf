import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from platform_cli.demo.messages import Loaded

MANIFEST = "manifest.json"
"""The dbt manifest of the project as it was released."""

CODE_VERSIONS = "code_versions.json"
"""The code version of each table of the lakehouse, by its asset key, as it was released."""

LAKEHOUSE = "databricks_delta"
"""The code location of the lakehouse. dbt compares its tables itself, and no other location is cloned."""


def publish_here(folder: Path, locations: Iterable[Loaded]) -> None:
    """Keep on this machine what a release of production publishes: by what code the tables have been built."""
    folder.mkdir(parents=True, exist_ok=True)
    for location in locations:
        if location.dbt_manifest is not None:
            shutil.copy(location.dbt_manifest, folder / MANIFEST)
        if location.location == LAKEHOUSE:
            write_code_versions(folder, location.code_versions)


def write_code_versions(folder: Path, versions: Mapping[str, str]) -> None:
    """Write the lakehouse's code versions into a folder that is there."""
    (folder / CODE_VERSIONS).write_text(json.dumps(dict(versions), indent=2) + "\n", encoding="utf-8")


def read_code_versions(folder: Path | None) -> dict[str, str] | None:
    """The lakehouse's code versions as they were published into a folder; None where none were."""
    if folder is None or not (folder / CODE_VERSIONS).is_file():
        return None
    return json.loads((folder / CODE_VERSIONS).read_text(encoding="utf-8"))
