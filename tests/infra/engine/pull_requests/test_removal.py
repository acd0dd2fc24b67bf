"""What pull requests leave is removed, on the real engine and Dagster+'s own command: nothing more, nothing less."""

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from platform_cli.main import main
from platform_contract.databricks_names import DatabricksNames
from platform_contract.deployment import parse_deployment

from tests.deployments import DEV
from tests.fakes.dagster_plus.server import DagsterPlus, dagster_plus
from tests.fakes.github.repository import OWNER, FakeRepository
from tests.fakes.github.server import serve_github
from tests.fakes.pulumi_provider.databricks.databricks_cloud import DatabricksCloud
from tests.fakes.pulumi_provider.databricks.store import MemoryLakehouseStore
from tests.fakes.pulumi_provider.server import serve
from tests.fakes.pulumi_provider.snowflake.account import Edition
from tests.fakes.pulumi_provider.snowflake.snowflake_cloud import SnowflakeCloud
from tests.fakes.pulumi_provider.snowflake.store import MemorySnowflakeStore
from tests.infra.engine.harness.infra_checkout import infra_checkout, work_in
from tests.infra.engine.harness.inline_stack import InlineStack
from tests.infra.engine.harness.journey import contents
from tests.infra.engine.harness.pulumi_cli import PulumiCli, Stack

pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.timeout(600)]

PROGRAMS = ("snowflake", "databricks")
PULL_REQUESTS = ("pr-7", "pr-8")
# Names that only look like a pull request's.
STRANGERS = ("pr-7-extra", "prod-1")


@dataclass
class World:
    """Both clouds, the state, Dagster+ and GitHub, with what stands in them before any pull request."""

    snowflake: SnowflakeCloud
    databricks: DatabricksCloud
    plus: DagsterPlus
    github: FakeRepository
    cli: PulumiCli
    root: Path
    output: Path

    def held(self) -> set[tuple[str, str]]:
        """Everything in both clouds."""
        return {*contents(self.snowflake), *contents(self.databricks)}

    def of(self, deployment: str) -> list[tuple[str, str]]:
        """What in both clouds carries a deployment's suffix."""
        suffix = parse_deployment(deployment).suffix
        return sorted(one for one in self.held() if suffix in one[1].lower().replace("-", "_"))

    def state(self, name: str) -> list[str]:
        """The files in the state's bucket that carry a name."""
        return [file.name for file in self.cli.backend.rglob("*") if file.is_file() and name in file.name]

    def branches(self) -> list[str]:
        """The pull requests that have a branch deployment in Dagster+."""
        deployments = self.plus.organisation.deployments.values()
        return sorted(one.branch["branchName"] for one in deployments if one.branch)

    def stack(self, program: str, name: str) -> Stack:
        return Stack(self.cli, self.root / "infra" / program, name)

    def expired(self, platform: Callable[..., Result]) -> str:
        """What the nightly run would sweep."""
        self.output.unlink(missing_ok=True)
        listed = platform("ci-matrix", "expired")
        assert listed.exit_code == 0, listed.output
        return self.output.read_text(encoding="utf-8").strip()


@pytest.fixture
def platform() -> Callable[..., Result]:
    def call(*arguments: str) -> Result:
        return CliRunner().invoke(main, list(arguments), prog_name="platform")

    return call


@pytest.fixture
def world(engine: Path, environment: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    snowflake = SnowflakeCloud(Edition.ENTERPRISE, MemorySnowflakeStore())
    databricks = DatabricksCloud({"example-dev.cloud.databricks.com": "1111111111111111"}, MemoryLakehouseStore())
    github = FakeRepository({"close-job": {"pull_requests": "read"}})
    root = infra_checkout(tmp_path / "checkout", PROGRAMS)
    commit(root)
    with (
        serve(snowflake) as one,
        serve(databricks) as other,
        dagster_plus(tmp_path / "dagster_plus") as plus,
        serve_github(github) as api,
    ):
        cli = PulumiCli(engine, environment, tmp_path / "engine", [one.attachment, other.attachment], {})
        output = tmp_path / "output"
        of_the_job = {
            **cli.process_environment(),
            **plus.environment(plus.organisation.issue_token(may_deploy=True)),
            "GITHUB_API_URL": api,
            "GITHUB_OUTPUT": str(output),
            "GITHUB_REPOSITORY": OWNER,
            "GITHUB_TOKEN": "close-job",
        }
        work_in(root, of_the_job, monkeypatch)
        world = World(snowflake, databricks, plus, github, cli, root, output)
        bring_up_what_stands(world)
        yield world


def commit(root: Path) -> None:
    who = ("-c", "user.name=test", "-c", "user.email=test@example.com")
    for words in (("init", "-q"), ("add", "infra"), (*who, "commit", "-q", "-m", "checkout")):
        subprocess.run(["git", *words], cwd=root, check=True)


def bring_up(world: World, program: str, name: str) -> None:
    run = InlineStack(world.cli, world.root / "infra" / program, name).up(None, refresh=False)
    assert run.code == 0, run.output


def bring_up_what_stands(world: World) -> None:
    bring_up(world, "snowflake", "dev")
    bring_up(world, "snowflake", "prod")
    bring_up(world, "databricks", "dev")
    world.databricks.account.trust(DatabricksNames(DEV).storage_credential)
    world.stack("databricks", "dev").configure("platform-databricks:storage_trust", "established")
    bring_up(world, "databricks", "dev")


def check_out_anew(world: World) -> None:
    """Every job starts from what is committed, and a pull request's stack file is not."""
    files = list((world.root / "infra").glob("*/Pulumi.pr-*.yaml"))
    assert files
    for file in files:
        file.unlink()


def open_pull_request(world: World, name: str, expires_on: str) -> None:
    for program in PROGRAMS:
        bring_up(world, program, name)
        world.stack(program, name).run("stack", "tag", "set", "expires_on", expires_on).succeeded()
    number = name.removeprefix("pr-")
    branch = {"repoName": OWNER, "branchName": name, "pullRequestNumber": number}
    world.plus.organisation.create_or_update_branch(branch, {}, "prod")


def test_each_layer_removes_all_of_its_pull_request_and_nothing_else(
    world: World, platform: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    standing = world.held()
    today = datetime.now(UTC).date()
    week, yesterday = (today + timedelta(days=7)).isoformat(), (today - timedelta(days=1)).isoformat()
    for name, day in zip(PULL_REQUESTS, (week, yesterday), strict=True):
        open_pull_request(world, name, day)
    for name in STRANGERS:
        world.stack("snowflake", name).init()
    check_out_anew(world)
    bring_up(world, "snowflake", "pr-7")
    everything = world.held()
    assert all(len(world.of(name)) > 10 for name in PULL_REQUESTS)
    assert world.branches() == list(PULL_REQUESTS)
    untouched = world.of("pr-7")

    # What is no pull request's is refused by name, and what has not expired stays.
    for name in ("prod", "dev", "local", *STRANGERS):
        assert platform("remove", "--deployment", name, "--because", "asked").exit_code == 2
    stays = platform("remove", "--deployment", "pr-7", "--because", "expired")
    assert (stays.exit_code, stays.output) == (0, f"pr-7 stands until {week}, so it stays\n")
    assert world.held() == everything

    check_out_anew(world)
    # The sweep: one that has expired, while Dagster+ cannot be reached.
    assert world.expired(platform) == 'rows=[{"deployment":"pr-8"}]'
    with monkeypatch.context() as unreachable:
        unreachable.setenv("DAGSTER_CLOUD_API_TOKEN", "expired token")
        partly = platform("remove", "--deployment", "pr-8", "--because", "expired")
    assert partly.exit_code == 1
    assert "branch deployment in Dagster+: Dagster+ refuses the token" in partly.output
    assert "expired token" not in partly.output
    assert world.of("pr-8") == []
    assert world.branches() == list(PULL_REQUESTS)
    # What remains is found again by the empty stacks.
    assert world.expired(platform) == 'rows=[{"deployment":"pr-8"}]'
    assert platform("remove", "--deployment", "pr-8", "--because", "expired").exit_code == 0
    assert world.branches() == ["pr-7"]
    assert world.of("pr-7") == untouched
    assert world.state("pr-8") == []
    assert world.expired(platform) == "rows=[]"

    # On close: refused while it is open; a cloud that fails half-way keeps no other part from being removed.
    pull = world.github.pull(7, None)
    assert platform("remove", "--deployment", "pr-7", "--because", "closed").exit_code == 2
    pull |= {"state": "closed", "closed_at": "2031-03-01T00:00:00Z"}
    world.databricks.faults.fail_at(1)
    partly = platform("remove", "--deployment", "pr-7", "--because", "closed")
    assert partly.exit_code == 1
    assert "databricks objects: pulumi destroy ended with code" in partly.output
    assert "snowflake objects" not in partly.output
    assert world.branches() == []
    assert not any(token.startswith("snowflake") for token, _ in world.of("pr-7"))
    for _ in range(2):
        removed = platform("remove", "--deployment", "pr-7", "--because", "closed")
        assert (removed.exit_code, removed.output.splitlines()[-1]) == (0, "nothing is left of pr-7")
    assert world.state("pr-7") == world.state("pr-7-extra")
    assert world.held() == standing
    assert sorted(world.plus.organisation.deployments) == ["dev", "prod"]
