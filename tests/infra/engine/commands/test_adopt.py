"""Clouds that hold what the programs declare, and no state that knows of it: taken over by an import file."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from platform_cli.main import main
from platform_contract.snowflake_names import SnowflakeNames

from tests.deployments import DEV
from tests.fakes.pulumi_provider.cloud import Cloud
from tests.fakes.pulumi_provider.databricks.databricks_cloud import DatabricksCloud
from tests.fakes.pulumi_provider.databricks.store import MemoryLakehouseStore
from tests.fakes.pulumi_provider.server import serve
from tests.fakes.pulumi_provider.snowflake.account import Edition
from tests.fakes.pulumi_provider.snowflake.snowflake_cloud import SnowflakeCloud
from tests.fakes.pulumi_provider.snowflake.store import MemorySnowflakeStore
from tests.fakes.pulumi_provider.snowflake.tokens import STAGE_INTERNAL
from tests.infra.engine.harness.engine_run import EngineRun
from tests.infra.engine.harness.infra_checkout import infra_checkout, work_in
from tests.infra.engine.harness.inline_stack import InlineStack
from tests.infra.engine.harness.pulumi_cli import PulumiCli, Stack

pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.timeout(600)]

WORKSPACES = {"example-dev.cloud.databricks.com": "1111111111111111"}
TRUST = "platform-databricks:storage_trust"
MADE_UP = (
    "Budget",
    "BudgetPolicy",
    "ClusterPolicy",
    "Group",
    "ServicePrincipal",
    "ServicePrincipalFederationPolicy",
    "SqlEndpoint",
)


class Takeover:
    """A program whose stack is made once, its state lost, and its objects adopted into a new state."""

    def __init__(self, program: str, root: Path, provider: str, engine: Path, environment: Path) -> None:
        self.root = infra_checkout(root / "checkout", [program])
        self.folder = self.root / "infra" / program
        self._clis = [PulumiCli(engine, environment, root / name, [provider], {}) for name in ("lost", "new")]
        self.program = program

    def make(self) -> None:
        """Make the stack, or go on making it, under the state that will be lost."""
        InlineStack(self._clis[0], self.folder, "dev").up(None, refresh=False).succeeded()

    @property
    def lost(self) -> Stack:
        """The stack with the state that will be lost."""
        return Stack(self._clis[0], self.folder, "dev")

    @property
    def stack(self) -> Stack:
        """The stack with the new state."""
        return Stack(self._clis[1], self.folder, "dev")

    def preview(self) -> EngineRun:
        """What the new state has left to do."""
        return InlineStack(self._clis[1], self.folder, "dev").preview(None, refresh=True)

    def adopt(self, monkeypatch: pytest.MonkeyPatch, ids: Mapping[str, str | None]) -> str:
        """Run the command as an operator does; what it says."""
        work_in(self.root, self._clis[1].process_environment(), monkeypatch)
        known = self.root / "ids.yaml"
        known.write_text(yaml.safe_dump(dict(ids)), encoding="utf-8")
        ran = CliRunner().invoke(main, ["adopt", "--stack", "dev", "--program", self.program, "--ids", str(known)])
        assert ran.exit_code == 0, ran.output
        return ran.output

    def take_over(self) -> EngineRun:
        """Import the file that the command wrote."""
        file = self.root / ".local" / "adopt" / "dev" / f"{self.program}.json"
        options = ("--yes", "--skip-preview", "--protect=false", "--generate-code=false")
        return self.stack.run("import", "--file", str(file), *options)


@contextmanager
def takeover(cloud: Cloud[Any], root: Path, engine: Path, environment: Path) -> Iterator[Takeover]:
    with serve(cloud) as provider:
        yield Takeover(cloud.name, root, provider.attachment, engine, environment)


def test_a_snowflake_account_is_taken_over_and_what_it_lacks_is_left_to_up(
    engine: Path, environment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud = SnowflakeCloud(Edition.ENTERPRISE, MemorySnowflakeStore())
    with takeover(cloud, tmp_path, engine, environment) as one:
        one.lost.init()
        one.make()
        (stage,) = (found for found in cloud.inventory.of(STAGE_INTERNAL) if "SHOP" in found.id)
        on_it = [found for found in cloud.inventory.everything() if "LANDING" in found.id and "SHOP" in found.id]
        for found in on_it:
            cloud.inventory.remove(found)
        cloud.account.store.drop_stage(SnowflakeNames(DEV).raw_database, "SHOP", "LANDING")
        absent = {"StageInternal raw.shop.landing": None, "GrantPrivilegesToDatabaseRole raw.shop_write.stage": None}
        said = one.adopt(monkeypatch, absent)
        before = len(cloud.changes())
        one.take_over().succeeded()
        preview = one.preview().succeeded()

        in_the_cloud = [r for r in one.lost.resources() if r["custom"] and "pulumi:" not in r["type"]]
        assert f"{len(in_the_cloud) - 2} objects to take over" in said
        assert "Said not to be there, left to `up`: " in said
        assert "want of an id" not in said
        assert stage in on_it
        assert cloud.changes()[before:] == []
        # The provider reads no user's identity, so it writes those that are declared once more.
        assert preview.changed == {"create": 2, "update": 2}
        assert set(preview.did("update")) == {"branch_runner", "ci_runner"}


def test_a_databricks_account_is_taken_over_by_the_ids_that_only_it_knows(
    engine: Path, environment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud = DatabricksCloud(WORKSPACES, MemoryLakehouseStore())
    with takeover(cloud, tmp_path, engine, environment) as one:
        one.lost.init()
        one.make()
        cloud.account.trust("platform_storage_dev")
        one.lost.configure(TRUST, "established")
        one.make()
        said = one.adopt(monkeypatch, known_ids(one.lost.resources()))
        before = len(cloud.changes())
        one.take_over().succeeded()
        preview = one.preview().succeeded()

        assert "want of an id" not in said
        assert cloud.changes()[before:] == []
        assert preview.changed == {}


def known_ids(made: list[dict[str, Any]]) -> dict[str, str | None]:
    """What somebody reads in the consoles of the account and the workspace."""
    ids: dict[str, str | None] = {}
    for one in made:
        kind, name = one["type"].rpartition(":")[2], one["urn"].rpartition("::")[2]
        if one["custom"] and kind in MADE_UP:
            ids[f"{kind} {name}"] = one["id"]
        if kind == "ServicePrincipal":
            ids[f"{kind} {name} application"] = one["outputs"]["applicationId"]
    return ids
