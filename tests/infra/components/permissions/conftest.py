from pathlib import Path

import pytest
from platform_contract.local_paths import LocalPaths, checkout
from snowflake_medallion.dbt_engine import DuckDBEngine
from snowflake_medallion.dbt_manifest import MANIFEST, prepare_manifest

from tests.deployments import LOCAL


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout itself: its programs, its declarations, its dbt project."""
    return checkout(Path(__file__))


@pytest.fixture(scope="session")
def manifest(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The manifest of the real dbt project, parsed now."""
    engine = DuckDBEngine(LocalPaths(tmp_path_factory.mktemp("manifest"), LOCAL), patience_seconds=0)
    return prepare_manifest(root / "dbt_project", engine) / MANIFEST
