"""What whoever applies a Snowflake stack must have, and what exists before it: seen by the real engine."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.fakes.pulumi_provider.server import serve
from tests.fakes.pulumi_provider.snowflake.account import Edition
from tests.fakes.pulumi_provider.snowflake.deployer import Deployer
from tests.fakes.pulumi_provider.snowflake.snowflake_cloud import SnowflakeCloud
from tests.fakes.pulumi_provider.snowflake.store import MemorySnowflakeStore
from tests.fakes.pulumi_provider.snowflake.tokens import TAG, WAREHOUSE
from tests.infra.engine.harness.inline_stack import InlineStack
from tests.infra.engine.harness.program_folder import copy_program
from tests.infra.engine.harness.pulumi_cli import PulumiCli, Stack

pytestmark = [pytest.mark.engine, pytest.mark.slow]


@dataclass(frozen=True)
class Account:
    """An account, and the program's stacks before it."""

    cloud: SnowflakeCloud
    cli: PulumiCli
    folder: Path

    def stack(self, name: str, **settings: str) -> InlineStack:
        made = Stack(self.cli, self.folder, name).init()
        for key, value in settings.items():
            made.configure(f"platform-snowflake:{key}", value)
        return InlineStack(self.cli, self.folder, name)


@pytest.fixture
def account(engine: Path, environment: Path, tmp_path: Path) -> Iterator[Account]:
    cloud = SnowflakeCloud(Edition.ENTERPRISE, MemorySnowflakeStore())
    with serve(cloud) as provider:
        cli = PulumiCli(engine, environment, tmp_path / "engine", [provider.attachment], {})
        yield Account(cloud, cli, copy_program("snowflake", tmp_path / "checkout"))


def test_tags_take_a_warehouse_of_the_user_s_own(account: Account) -> None:
    dev = account.stack("dev", edition="enterprise", tags="true")
    dev.up(None, refresh=False).refused("No active warehouse selected in the current session")
    assert not list(account.cloud.account.of(TAG))

    # As the steps of the first time have it: a warehouse of SYSADMIN's, which is the user's default.
    account.cloud.plant(account.cloud.sign_in({"role": "SYSADMIN"}), WAREHOUSE, {"name": "DEPLOYING"})
    account.cloud.deployer = replace(account.cloud.deployer, warehouse="DEPLOYING")

    dev.up(None, refresh=False).succeeded()
    assert {tag.id for tag in account.cloud.account.of(TAG)} == {
        f'"ANALYTICS_DEV"."GOVERNANCE"."{key}"' for key in ("COST_CENTRE", "DEPLOYMENT", "OWNER")
    }
    assert dev.preview(None, refresh=True).succeeded().changed == {}


def test_production_before_dev_fails_at_preview_by_the_role_that_is_not_there(account: Account) -> None:
    prod = account.stack("prod")
    prod.preview(None, refresh=False).refused("role 'PR_ADMIN_DEV' specified in the connect string does not exist")
    assert account.cloud.changes() == []

    account.stack("dev").up(None, refresh=False).succeeded()

    prod.up(None, refresh=False).succeeded()


def test_a_user_without_the_administrative_roles_fails_at_preview(account: Account) -> None:
    account.cloud.deployer = Deployer(frozenset({"SYSADMIN"}), None)

    account.stack("dev").preview(None, refresh=False).refused("does not exist or not authorized")
