"""An environment more, added as the README says: the blocks of its section are written into a copy of the tree.

Every command runs in a process of its own, on the copy's packages, over the real engine.
"""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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

pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.timeout(1200)]

ROOT = checkout(Path(__file__))
NAME = "staging"
_SECTION = re.compile(r"^## Add an environment\n(.*?)^## ", re.DOTALL | re.MULTILINE)
_BLOCK = re.compile(r"^```(?:toml|yaml)\n# (\S+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_PLATFORM_FILE = "infra/contract/src/platform_contract/platform.toml"
_LEFT_OUT = shutil.ignore_patterns(".venv", ".git", ".local", "__pycache__", "target", "logs", "tests")


@dataclass(frozen=True, slots=True)
class Operator:
    """Somebody with a shell in the copy."""

    root: Path
    variables: Mapping[str, str]

    def platform(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command of the platform, as it ended."""
        return subprocess.run(
            [str(ROOT / ".venv" / "bin" / "platform"), *arguments],
            cwd=self.root,
            env=dict(self.variables),
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            timeout=600,
        )

    def must(self, *arguments: str) -> str:
        """What a command printed that has to succeed."""
        ended = self.platform(*arguments)
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout + ended.stderr


def add_environment(root: Path) -> None:
    """What the README says, word for word."""
    section = _SECTION.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert section is not None
    blocks = dict(_BLOCK.findall(section[1]))
    assert set(blocks) == {
        _PLATFORM_FILE,
        f"infra/snowflake/Pulumi.{NAME}.yaml",
        f"infra/databricks/Pulumi.{NAME}.yaml",
    }
    platform_file = root / _PLATFORM_FILE
    before = "[deployments.prod]"
    text = platform_file.read_text(encoding="utf-8").replace(before, f"{blocks.pop(_PLATFORM_FILE)}\n{before}")
    platform_file.write_text(text, encoding="utf-8")
    for file, content in blocks.items():
        assert not (root / file).exists()
        (root / file).write_text(content, encoding="utf-8")


def keep(root: Path) -> None:
    """The tree as a commit."""
    identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
    for arguments in (("init", "-q"), ("add", "infra"), (*identity, "commit", "-qm", "As it was")):
        subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)


@pytest.fixture(scope="module")
def clouds() -> tuple[SnowflakeCloud, DatabricksCloud]:
    return (
        SnowflakeCloud(Edition.ENTERPRISE, MemorySnowflakeStore()),
        DatabricksCloud({"example-dev.cloud.databricks.com": "1111111111111111"}, MemoryLakehouseStore()),
    )


@pytest.fixture(scope="module")
def operator(
    engine: Path,
    environment: Path,
    clouds: tuple[SnowflakeCloud, DatabricksCloud],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Operator]:
    workplace = tmp_path_factory.mktemp("environment")
    root = Path(shutil.copytree(ROOT, workplace / "checkout", ignore=_LEFT_OUT))
    (root / ".venv").symlink_to(ROOT / ".venv")
    keep(root)
    add_environment(root)
    packages = (*(root / "infra").glob("*/src"), *(root / "code_locations").glob("*/src"))
    own = {
        "PYTHONPATH": os.pathsep.join(map(str, packages)),
        "PLATFORM_LOCAL_ROOT": str(root / ".local"),
        "GITHUB_OUTPUT": str(workplace / "handed_on"),
    }
    with serve(clouds[0]) as one, serve(clouds[1]) as other:
        cli = PulumiCli(engine, environment, workplace / "engine", [one.attachment, other.attachment], own)
        yield Operator(root, cli.process_environment())


def test_its_stacks_come_up_stay_and_go(operator: Operator, clouds: tuple[SnowflakeCloud, DatabricksCloud]) -> None:
    snowflake, databricks = clouds
    account = len(snowflake.inventory.everything())
    operator.must("up", "--stack", NAME, "--yes")
    stack_file = operator.root / "infra" / "databricks" / f"Pulumi.{NAME}.yaml"
    trusted = stack_file.read_text(encoding="utf-8").replace("storage_trust: pending", "storage_trust: established")
    stack_file.write_text(trusted, encoding="utf-8")
    databricks.account.trust("platform_storage_staging")
    operator.must("up", "--stack", NAME, "--yes")
    assert operator.must("preview", "--stack", NAME, "--drift").count("as before") == 2

    made = {one.id for cloud in clouds for one in cloud.inventory.everything()}
    named = " ".join(made)
    for name in ("RAW_STAGING", "ANALYTICS_STAGING", "TRANSFORMING_STAGING", "DAGSTER_STAGING", "platform_staging"):
        assert name in named
    # What pull requests live on, what they may read, and what watches production are other deployments'.
    assert not [one for one in made if "CI_" in one or "PR_ADMIN" in one or "CLONE_READER" in one or "WATCHER" in one]

    operator.must("destroy", "--stack", NAME, "--yes")
    assert len(snowflake.inventory.everything()) == account
    assert databricks.inventory.everything() == []


def test_every_grant_of_it_is_needed_and_every_need_met(operator: Operator) -> None:
    told = operator.must("permissions", "--stack", NAME)
    assert "TRANSFORMER_STAGING" in told
    assert "platform_pipelines_staging" in told


def test_its_worst_month_is_known(operator: Operator) -> None:
    told = operator.must("cost", "--stack", NAME)
    assert f"Worst month of stack {NAME}" in told
    # 35 credits at 2 dollars at most in Snowflake, by the quotas of the stack file.
    assert "LOADING_STAGING" in told


def test_the_doctor_looks_at_its_own_settings_and_at_those_it_shares(operator: Operator) -> None:
    told = " ".join(operator.platform("doctor", "--stack", NAME).stdout.split())
    assert "workspace.storage.root" in told
    assert "workspaces.dev.host" in told
    assert "workspaces.prod" not in told
    assert f"Pulumi.{NAME}.yaml" in told


def test_a_release_goes_through_it_on_its_way_to_production(operator: Operator) -> None:
    rows = json.loads(operator.must("ci-matrix", "releases").splitlines()[-1])
    assert [(row["deployment"], row["environment"], row["after"], row["publishes"]) for row in rows] == [
        ("dev", "dev", "", "false"),
        (NAME, NAME, "dev", "false"),
        ("prod", "production", NAME, "true"),
    ]
    watched = json.loads(operator.must("ci-matrix", "standing").splitlines()[-1])
    assert {"deployment": NAME, "environment": NAME} in watched


def test_its_own_pull_request_is_told_all_that_it_adds(operator: Operator) -> None:
    """Against the code of the base, which knows no such deployment."""
    told = operator.must("infra-diff", "--base", "HEAD").splitlines()
    assert told
    assert {line.partition(":")[0] for line in told} == {f"{NAME} snowflake", f"{NAME} databricks"}
    assert {line.partition(": ")[2].split()[0] for line in told} == {"added"}
