"""The operator's commands over the real engine, from nothing to nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from platform_cli.main import main

from tests.fakes.pulumi_provider.databricks.databricks_cloud import DatabricksCloud
from tests.fakes.pulumi_provider.databricks.store import MemoryLakehouseStore
from tests.fakes.pulumi_provider.server import serve
from tests.fakes.pulumi_provider.snowflake.account import Edition
from tests.fakes.pulumi_provider.snowflake.snowflake_cloud import SnowflakeCloud
from tests.fakes.pulumi_provider.snowflake.store import MemorySnowflakeStore
from tests.infra.engine.harness.infra_checkout import infra_checkout, work_in
from tests.infra.engine.harness.pulumi_cli import PulumiCli

pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def platform() -> Callable[..., Result]:
    """The `platform` command; what Pulumi prints goes past it."""

    def call(*arguments: str) -> Result:
        return CliRunner().invoke(main, list(arguments), prog_name="platform")

    return call


def test_both_clouds_come_up_stay_and_go(
    engine: Path,
    environment: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    platform: Callable[..., Result],
) -> None:
    snowflake = SnowflakeCloud(Edition.ENTERPRISE, MemorySnowflakeStore())
    databricks = DatabricksCloud({"example-dev.cloud.databricks.com": "1111111111111111"}, MemoryLakehouseStore())
    account = len(snowflake.inventory.everything())
    with serve(snowflake) as one, serve(databricks) as other:
        cli = PulumiCli(engine, environment, tmp_path / "engine", [one.attachment, other.attachment], {})
        work_in(
            infra_checkout(tmp_path / "checkout", ["snowflake", "databricks"]), cli.process_environment(), monkeypatch
        )

        came_up = platform("up", "--stack", "dev", "--yes")
        drift = platform("preview", "--stack", "dev", "--drift")
        made = [len(cloud.inventory.everything()) for cloud in (snowflake, databricks)]
        destroyed = platform("destroy", "--stack", "dev", "--yes")

    assert came_up.exit_code == 0, came_up.output
    assert came_up.output.count("nothing is up yet") == 2
    assert made[0] > account + 80
    assert made[1] > 10
    assert drift.exit_code == 0, drift.output
    assert drift.output.count("as before") == 2
    assert destroyed.exit_code == 0
    assert len(snowflake.inventory.everything()) == account
    assert databricks.inventory.everything() == []


def test_this_machines_stores_come_up_and_go(
    engine: Path,
    environment: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    platform: Callable[..., Result],
) -> None:
    cli = PulumiCli(engine, environment, tmp_path / "engine", [], {})
    variables = {name: value for name, value in cli.process_environment().items() if not name.startswith("PULUMI_CON")}
    del variables["PULUMI_BACKEND_URL"]
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE", raising=False)
    monkeypatch.delenv("PULUMI_BACKEND_URL", raising=False)
    root = infra_checkout(tmp_path / "checkout", ["local"])
    work_in(root, variables, monkeypatch)

    assert platform("up", "--stack", "local", "--yes").exit_code == 0
    assert (root / ".local" / "local" / "warehouse" / "raw.duckdb").is_file()
    assert platform("preview", "--stack", "local", "--drift").exit_code == 0
    assert platform("destroy", "--stack", "local", "--yes").exit_code == 0
    assert not (root / ".local" / "local" / "warehouse" / "raw.duckdb").exists()
