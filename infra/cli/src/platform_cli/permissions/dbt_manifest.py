from pathlib import Path

from platform_contract.deployment import deployments
from platform_contract.local_paths import LocalPaths
from snowflake_medallion.dbt_engine import DuckDBEngine
from snowflake_medallion.dbt_manifest import MANIFEST, prepare_manifest


def dbt_manifest(checkout: Path, local_root: Path) -> Path:
    """The manifest of the dbt project as it is now, parsed where need be.

    It is parsed for this machine, which takes no adapter of a cloud: which model lies in which schema, and how it is
    built, is the same for every target.

    Raises:
        DbtParseError: in dbt's own words, when it refuses the project.
    """
    engine = DuckDBEngine(LocalPaths(local_root, deployments().laptop), patience_seconds=0)
    return prepare_manifest(checkout / "dbt_project", engine) / MANIFEST
