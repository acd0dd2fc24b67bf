"""How service users sign in, and from where, changed on a live stack under the real engine."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.fakes.pulumi_provider.server import serve
from tests.fakes.pulumi_provider.snowflake.account import Edition
from tests.fakes.pulumi_provider.snowflake.snowflake_cloud import SnowflakeCloud
from tests.fakes.pulumi_provider.snowflake.store import MemorySnowflakeStore
from tests.fakes.pulumi_provider.snowflake.tokens import NETWORK_POLICY, SERVICE_USER
from tests.infra.engine.harness.engine_run import EngineRun
from tests.infra.engine.harness.inline_stack import InlineStack
from tests.infra.engine.harness.program_folder import copy_program
from tests.infra.engine.harness.pulumi_cli import PulumiCli, Stack

pytestmark = [pytest.mark.engine, pytest.mark.slow]

CIDRS = "platform-snowflake:allowed_cidrs"
USERS = "platform-snowflake:users"
IDENTITIES = {
    "oidc": (
        {"issuer": "https://id.example.org", "subject": "dagster"},
        {"oidc": {"issuer": "https://id.example.org", "subject": "dagster"}},
    ),
    "aws": (
        {"arn": "arn:aws:iam::123456789012:role/dagster"},
        {"aws": {"arn": "arn:aws:iam::123456789012:role/dagster"}},
    ),
    "azure": (
        {"issuer": "https://login.microsoftonline.com/t/v2.0", "subject": "dagster"},
        {"azure": {"issuer": "https://login.microsoftonline.com/t/v2.0", "subject": "dagster"}},
    ),
    "gcp": ({"subject": "1234"}, {"gcp": {"subject": "1234"}}),
}


@dataclass(frozen=True)
class Dev:
    """The stack dev before an account of its own."""

    stack: Stack
    inline: InlineStack
    cloud: SnowflakeCloud

    def up(self) -> EngineRun:
        return self.inline.up(None, refresh=False).succeeded()

    def rests(self) -> None:
        """Neither the program nor a look at the cloud finds anything left to do."""
        assert self.inline.preview(None, refresh=True).succeeded().changed == {}

    def let_dagster_in_by(self, identity: dict[str, str]) -> None:
        """Write an identity into the stack file, where a number stays the text that it is."""
        file = self.stack.folder / "Pulumi.dev.yaml"
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        content["config"][USERS]["dagster"] = identity
        file.write_text(yaml.safe_dump(content), encoding="utf-8")

    def user(self, name: str) -> dict[str, Any]:
        return self.cloud.account.require(SERVICE_USER, name).attributes

    def policies(self) -> set[str]:
        """The network policies of all users."""
        return {user.attributes["networkPolicy"] for user in self.cloud.account.of(SERVICE_USER)}


@pytest.fixture
def dev(engine: Path, environment: Path, tmp_path: Path) -> Iterator[Dev]:
    cloud = SnowflakeCloud(Edition.ENTERPRISE, MemorySnowflakeStore())
    with serve(cloud) as provider:
        cli = PulumiCli(engine, environment, tmp_path / "engine", [provider.attachment], {})
        folder = copy_program("snowflake", tmp_path / "checkout")
        stack = Stack(cli, folder, "dev").init()
        yield Dev(stack, InlineStack(cli, folder, "dev"), cloud)


def test_each_kind_of_identity_is_taken_beside_the_one_that_is_shipped(dev: Dev) -> None:
    for kind, (stated, sent) in IDENTITIES.items():
        dev.let_dagster_in_by({"kind": kind, **stated})

        dev.up()

        assert dev.user("DAGSTER_DEV")["defaultWorkloadIdentity"] == sent
        assert dev.user("CI_RUNNER_DEV")["defaultWorkloadIdentity"]["oidc"]["issuer"].startswith("https://token.")
        dev.rests()


def test_an_identity_changed_by_hand_is_not_seen_by_the_look_for_drift(dev: Dev) -> None:
    dev.up()
    other = {"oidc": {"issuer": "https://token.actions.githubusercontent.com", "subject": "repo:somebody/else:*"}}

    dev.cloud.tamper(SERVICE_USER, '"CI_RUNNER_DEV"', {"defaultWorkloadIdentity": other})

    dev.rests()
    dev.cloud.tamper(SERVICE_USER, '"CI_RUNNER_DEV"', {"comment": "changed by hand"})
    assert dev.inline.preview(None, refresh=True).succeeded().did("update") == ["ci_runner"]


def test_networks_are_taken_from_a_stack_that_began_with_them_and_given_again(dev: Dev) -> None:
    dev.stack.configure(f"{CIDRS}[0]", "192.0.2.0/24")
    dev.up()
    assert dev.policies() == {"SERVICE_NETWORK_DEV"}

    dev.stack.unset(CIDRS)
    taken = dev.up()

    assert set(taken.changed) == {"update", "delete"}
    assert dev.policies() == {""}
    assert not list(dev.cloud.account.of(NETWORK_POLICY))
    dev.rests()
    dev.stack.configure(f"{CIDRS}[0]", "198.51.100.0/24")
    assert set(dev.up().changed) == {"create", "update"}
    assert dev.policies() == {"SERVICE_NETWORK_DEV"}
    dev.rests()


def test_networks_are_given_to_a_stack_that_began_without_and_taken_again(dev: Dev) -> None:
    dev.up()

    dev.stack.configure(f"{CIDRS}[0]", "192.0.2.0/24")
    assert set(dev.up().changed) == {"create", "update"}

    assert dev.policies() == {"SERVICE_NETWORK_DEV"}
    dev.stack.unset(CIDRS)
    assert set(dev.up().changed) == {"update", "delete"}
    assert dev.policies() == {""}
    dev.rests()
