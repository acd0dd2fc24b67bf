"""The nightly look at production: by somebody who can see and not apply, over the real engine."""

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from platform_cli.main import main

from tests.fakes.github.repository import OWNER, FakeRepository
from tests.fakes.github.server import serve_github
from tests.fakes.pulumi_provider.databricks.authority import EVERY_ADMINISTRATOR, Operator
from tests.fakes.pulumi_provider.databricks.databricks_cloud import DatabricksCloud
from tests.fakes.pulumi_provider.databricks.store import MemoryLakehouseStore
from tests.fakes.pulumi_provider.refusal import CloudError
from tests.fakes.pulumi_provider.server import serve
from tests.fakes.pulumi_provider.snowflake.account import Edition
from tests.fakes.pulumi_provider.snowflake.authority import RoleSession
from tests.fakes.pulumi_provider.snowflake.deployer import Deployer
from tests.fakes.pulumi_provider.snowflake.identifiers import quoted
from tests.fakes.pulumi_provider.snowflake.snowflake_cloud import SnowflakeCloud
from tests.fakes.pulumi_provider.snowflake.store import MemorySnowflakeStore
from tests.fakes.pulumi_provider.snowflake.tokens import (
    ACCOUNT_ROLE,
    DATABASE,
    GRANT_ACCOUNT_ROLE,
    RESOURCE_MONITOR,
    SCHEMA,
    SERVICE_USER,
    STAGE_INTERNAL,
    WAREHOUSE,
)
from tests.infra.engine.harness.infra_checkout import infra_checkout
from tests.infra.engine.harness.pulumi_cli import PulumiCli

pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.timeout(600)]

ADMINS = frozenset({"SYSADMIN", "SECURITYADMIN", "ACCOUNTADMIN", "PR_ADMIN_DEV"})
WATCHER = frozenset({"WATCHER"})
WORKSPACES = {
    "example-dev.cloud.databricks.com": "1111111111111111",
    "example-prod.cloud.databricks.com": "2222222222222222",
}
# A member of the engineers' group, and no administrator of anything.
ENGINEER = Operator("drift-watch", frozenset())
WATCHER_SESSION = RoleSession("WATCHER", frozenset(), None)


@dataclass(frozen=True)
class Production:
    """Production as it came up, and who looks at it."""

    cloud: SnowflakeCloud
    lakehouse: DatabricksCloud
    state: Path
    checkout: Path
    environment: dict[str, str]

    def changes(self) -> int:
        """How much both clouds were asked to change until now."""
        return len(self.cloud.changes()) + len(self.lakehouse.changes())

    def platform(self, holds: frozenset[str], *arguments: str) -> Result:
        """The command, signed in as somebody with these roles."""
        self.cloud.deployer = Deployer(holds, None)
        self.lakehouse.account.operator = ENGINEER if holds == WATCHER else EVERY_ADMINISTRATOR
        with contextlib.chdir(self.checkout):
            return CliRunner(env=self.environment).invoke(main, list(arguments), prog_name="platform")


@pytest.fixture(scope="module")
def production(engine: Path, environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Production]:
    workplace = tmp_path_factory.mktemp("look")
    cloud = SnowflakeCloud(Edition.ENTERPRISE, MemorySnowflakeStore())
    github = FakeRepository({"drift-job": {"issues": "write"}})
    lakehouse = DatabricksCloud(WORKSPACES, MemoryLakehouseStore())
    with (
        serve(cloud) as one,
        serve(lakehouse) as other,
        serve_github(github) as api,
    ):
        cli = PulumiCli(engine, environment, workplace / "engine", [one.attachment, other.attachment], {})
        checkout = infra_checkout(workplace / "checkout", ["snowflake", "databricks"])
        job = {
            "GITHUB_API_URL": api,
            "GITHUB_REPOSITORY": OWNER,
            "GITHUB_SERVER_URL": "https://github.example",
            "GITHUB_RUN_ID": "42",
            "GITHUB_TOKEN": "drift-job",
            "PLATFORM_LOCAL_ROOT": str(checkout / ".local"),
        }
        found = Production(cloud, lakehouse, cli.backend, checkout, {**cli.process_environment(), **job})
        for stack in ("dev", "prod"):
            came_up = found.platform(ADMINS, "up", "--stack", stack, "--yes")
            assert came_up.exit_code == 0, came_up.output
        yield found


def states(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def test_the_watcher_sees_that_all_is_as_declared_and_writes_nothing(production: Production) -> None:
    before, calls = states(production.state), production.changes()
    looked = production.platform(WATCHER, "drift", "--stack", "prod")
    assert looked.exit_code == 0, looked.output
    assert states(production.state) == before
    assert production.changes() == calls


def test_dev_is_looked_at_by_who_applies_it_with_nothing_left_out(production: Production) -> None:
    """Its job is that environment's: no watcher is made there, and the grants are seen too."""
    role, user = quoted("LOADER_DEV"), quoted("DAGSTER_DEV")
    as_declared = production.platform(ADMINS, "drift", "--stack", "dev")
    assert as_declared.exit_code == 0, as_declared.output
    (grant,) = [one for one in production.cloud.account.of(GRANT_ACCOUNT_ROLE) if one.id == f"{role}|USER|{user}"]
    production.cloud.account.remove(grant)
    revoked = production.platform(ADMINS, "drift", "--stack", "dev")
    production.cloud.account.add(grant)
    assert revoked.exit_code == 1
    assert "dagster_dev" in revoked.output.lower()


@pytest.mark.parametrize(
    ("token", "name", "change"),
    [
        (WAREHOUSE, ("TRANSFORMING",), {"warehouseSize": "X4LARGE"}),
        (WAREHOUSE, ("TRANSFORMING",), {"resourceMonitor": ""}),
        (RESOURCE_MONITOR, ("TRANSFORMING_MONITOR",), {"creditQuota": 100000}),
        (DATABASE, ("RAW",), {"dataRetentionTimeInDays": 0}),
        (SCHEMA, ("ANALYTICS", "GOLD"), {"withManagedAccess": "false"}),
        (ACCOUNT_ROLE, ("LOADER",), {"comment": "nobody's"}),
        (SERVICE_USER, ("DAGSTER",), {"disabled": "false"}),
    ],
)
def test_what_somebody_changed_by_hand_is_told(
    production: Production, token: str, name: tuple[str, ...], change: dict[str, object]
) -> None:
    found = production.cloud.account.require(token, quoted(*name))
    before = {key: found.attributes.get(key) for key in change}
    production.cloud.tamper(token, found.id, change)
    try:
        looked = production.platform(WATCHER, "drift", "--stack", "prod")
    finally:
        production.cloud.tamper(token, found.id, before)
    assert looked.exit_code == 1
    assert name[-1].lower() in looked.output.lower()
    assert next(iter(change)) in looked.output
    # No difference by who looks: that would be told every night.
    assert "pulumi:providers:snowflake: (" not in looked.output


def test_the_watcher_can_neither_apply_nor_sign_in_as_who_can(production: Production) -> None:
    before, calls = states(production.state), production.changes()
    applied = production.platform(WATCHER, "up", "--stack", "prod", "--yes")
    assert applied.exit_code != 0
    assert production.changes() == calls
    stacks = {name for name in states(production.state) if "/stacks/" in name and name.endswith("prod.json")}
    assert {name: states(production.state)[name] for name in stacks} == {name: before[name] for name in stacks}


def test_the_watchers_role_changes_nothing_and_sees_neither_grants_nor_files(production: Production) -> None:
    cloud = production.cloud
    warehouse = cloud.account.require(WAREHOUSE, "TRANSFORMING")
    with pytest.raises(CloudError, match="insufficient privileges"):
        cloud.kind(WAREHOUSE).admit_change(WATCHER_SESSION, warehouse, warehouse.attributes)
    unseen = [next(iter(cloud.account.of(token))) for token in (GRANT_ACCOUNT_ROLE, STAGE_INTERNAL)]
    for found in unseen:
        with pytest.raises(CloudError, match="does not exist or not authorized for WATCHER"):
            cloud.kind(found.token).admit_read(WATCHER_SESSION, found)


def test_what_the_watcher_does_not_see_who_applies_does(production: Production) -> None:
    role, user = quoted("LOADER"), quoted("DAGSTER")
    (grant,) = [one for one in production.cloud.account.of(GRANT_ACCOUNT_ROLE) if one.id == f"{role}|USER|{user}"]
    production.cloud.account.remove(grant)
    by_watcher = production.platform(WATCHER, "drift", "--stack", "prod")
    by_admin = production.platform(ADMINS, "preview", "--stack", "prod", "--drift")
    production.cloud.account.add(grant)
    assert (by_watcher.exit_code, by_admin.exit_code != 0) == (0, True), by_watcher.output


def test_the_state_is_told_apart_from_its_copy(production: Production) -> None:
    kept = [file for file in production.state.rglob("prod.json") if "stacks" in file.parts]
    resources = json.loads(kept[0].read_text(encoding="utf-8"))["checkpoint"]["latest"]["resources"]
    roles = {one["inputs"]["role"] for one in resources if one["type"] == "pulumi:providers:snowflake"}
    assert roles == ADMINS
