from collections.abc import Iterator
from pathlib import Path

import pytest
from platform_contract.local_paths import checkout

from tests.fakes.pulumi_provider.databricks.databricks_cloud import DatabricksCloud
from tests.fakes.pulumi_provider.databricks.store import MemoryLakehouseStore
from tests.fakes.pulumi_provider.server import serve
from tests.fakes.pulumi_provider.snowflake.account import Edition
from tests.fakes.pulumi_provider.snowflake.snowflake_cloud import SnowflakeCloud
from tests.fakes.pulumi_provider.snowflake.store import MemorySnowflakeStore
from tests.infra.engine.harness.pulumi_cli import PulumiCli
from tests.infra.engine.harness.pulumi_engine import require_engine


@pytest.fixture(scope="session")
def engine() -> Path:
    """The folder of the Pulumi CLI."""
    return require_engine()


@pytest.fixture(scope="session")
def environment() -> Path:
    """The virtual environment that programs run in."""
    return checkout(Path(__file__)) / ".venv"
