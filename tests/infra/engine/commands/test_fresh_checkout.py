"""A stack that one checkout has made, taken up in another that lacks what the first has written into its files.

So it is for the second push to a pull request, whose stack has no file in the repository, and for whoever forgets to
commit what `stack init` writes. Nothing in the environment opens a passphrase, and none is asked for.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from platform_cli.main import main

from tests.fakes.key_management import KeyManagement, key_management
from tests.fakes.pulumi_provider.databricks.databricks_cloud import DatabricksCloud
from tests.fakes.pulumi_provider.databricks.store import MemoryLakehouseStore
from tests.fakes.pulumi_provider.server import serve
from tests.fakes.pulumi_provider.snowflake.account import Edition
from tests.fakes.pulumi_provider.snowflake.snowflake_cloud import SnowflakeCloud
from tests.fakes.pulumi_provider.snowflake.store import MemorySnowflakeStore
from tests.infra.engine.harness.infra_checkout import infra_checkout, work_in
from tests.infra.engine.harness.pulumi_cli import PulumiCli

pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.timeout(600)]

# The alias that infra/state.yaml names for dev.
ALIAS = "alias/example-platform-state-dev"


@pytest.fixture
def keys() -> Iterator[KeyManagement]:
    with key_management(ALIAS) as keys:
        yield keys


def platform(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments), prog_name="platform")


@pytest.fixture
def go_to(
    engine: Path, environment: Path, keys: KeyManagement, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[str], Path]]:
    """Work in a fresh checkout of that name, with the state and both clouds that every other one has."""
    snowflake = SnowflakeCloud(Edition.ENTERPRISE, MemorySnowflakeStore())
    databricks = DatabricksCloud({"example-dev.cloud.databricks.com": "1111111111111111"}, MemoryLakehouseStore())
    with serve(snowflake) as one, serve(databricks) as other:
        cli = PulumiCli(engine, environment, tmp_path / "engine", [one.attachment, other.attachment], keys.variables())
        variables = {name: value for name, value in cli.process_environment().items() if "PASSPHRASE" not in name}
        monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE", raising=False)

        def go(name: str) -> Path:
            root = infra_checkout(tmp_path / name, ["snowflake", "databricks"])
            work_in(root, variables, monkeypatch)
            return root

        yield go


def test_a_stack_is_taken_up_without_its_file_and_without_a_passphrase(
    go_to: Callable[[str], Path], keys: KeyManagement
) -> None:
    first = go_to("first")
    assert platform("up", "--stack", "dev", "--yes").exit_code == 0
    assert f"awskms://{ALIAS}" in (first / "infra/snowflake/Pulumi.dev.yaml").read_text(encoding="utf-8")
    assert "Encrypt" in keys.used

    second = go_to("second")
    assert "encryptedkey" not in (second / "infra/snowflake/Pulumi.dev.yaml").read_text(encoding="utf-8")
    assert platform("preview", "--stack", "dev", "--drift").exit_code == 0
    assert platform("up", "--stack", "dev", "--yes").exit_code == 0

    go_to("third")
    assert platform("destroy", "--stack", "dev", "--yes").exit_code == 0
