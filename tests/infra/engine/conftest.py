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
from tests.infra.engine.harness.inline_stack import InlineStack
from tests.infra.engine.harness.pulumi_cli import PulumiCli
from tests.infra.engine.harness.pulumi_engine import require_engine
from tests.infra.engine.harness.stopped_programs import discard_stopped_programs


@pytest.fixture(scope="session")
def engine() -> Iterator[Path]:
    """The folder of the Pulumi CLI."""
    yield require_engine()
    discard_stopped_programs()


@pytest.fixture(scope="session")
def environment() -> Path:
    """The virtual environment that programs run in."""
    return checkout(Path(__file__)) / ".venv"


@pytest.fixture
def snowflake() -> SnowflakeCloud:
    """An empty Snowflake account."""
    return SnowflakeCloud(Edition.ENTERPRISE, MemorySnowflakeStore())


@pytest.fixture
def databricks() -> DatabricksCloud:
    """An empty Databricks account with one workspace, `workspace.example`."""
    return DatabricksCloud({"workspace.example": "1"}, MemoryLakehouseStore())


@pytest.fixture
def stack(
    engine: Path, environment: Path, tmp_path: Path, snowflake: SnowflakeCloud, databricks: DatabricksCloud
) -> Iterator[InlineStack]:
    """A new stack for small programs, with both clouds attached."""
    with serve(snowflake) as one, serve(databricks) as other:
        cli = PulumiCli(engine, environment, tmp_path / "engine", [one.attachment, other.attachment], {})
        folder = tmp_path / "inline"
        folder.mkdir()
        yield InlineStack(cli, folder, "dev")
