"""The rehearsal that is meant for real accounts, run on the stand-ins: the same command, the same code."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from platform_contract.databricks_names import DatabricksNames
from platform_contract.deployment import parse_deployment
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.local_paths import checkout
from platform_contract.snowflake_names import SnowflakeNames

from tests.deployments import DEV, PROD
from tests.fakes.object_storage.object_storage import ObjectStorage, object_storage
from tests.infra.engine.harness.credentials import CREDENTIALS
from tests.infra.engine.harness.pulumi_engine import require_engine
from tests.rehearsal.account.trace import Call, read, write
from tests.rehearsal.hosts import DATABRICKS_HOST, SNOWFLAKE_ACCOUNT
from tests.rehearsal.requirements import missing_packages, require_tools
from tests.rehearsal.snowflake_keys import make_key_pair

if TYPE_CHECKING:
    from tests.fakes.databricks_workspace.workspace import Workspace
    from tests.fakes.snowflake.server import SnowflakeServer
    from tests.rehearsal.pull_requests.standing_clouds import StandingClouds

pytestmark = [pytest.mark.engine, pytest.mark.slow, pytest.mark.timeout(1800)]

ROOT = checkout(Path(__file__))
NAME = "pr-901"
DEPLOYMENT = parse_deployment(NAME)
# Whoever applies dev's stacks, and so may act as the administrator of pull requests.
OPERATOR = "PULUMI_DEV"
INVENTED = Call("snowflake", "select what only the stand-in was asked", "succeeded")


@dataclass(frozen=True, slots=True)
class Account:
    """Clouds with dev and prod in them, and the shell of somebody who may rehearse there."""

    clouds: "StandingClouds"
    storage: ObjectStorage
    checkout: Path
    environment: dict[str, str]

    def start(self, *arguments: str, output: int = subprocess.PIPE) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.rehearsal.account", "--deployment", NAME, *arguments]
        return subprocess.Popen(
            command,
            cwd=self.checkout,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def remains(self) -> list[str]:
        """What there is of the rehearsal anywhere."""
        from tests.rehearsal.declared_account import DeclaredAccount

        held = [f"{kind} {name}" for kind, name in self.clouds.held() if "901" in name]
        account, names = DeclaredAccount(self.clouds.stand_ins.snowflake.engine), SnowflakeNames(DEPLOYMENT)
        databases = [one for one in (names.raw_database, names.analytics_database) if account.has_database(one)]
        catalog = DatabricksNames(DEPLOYMENT).catalog
        catalogs = [catalog] * self.clouds.stand_ins.databricks.lakehouse.has_catalog(catalog)
        return [*held, *databases, *catalogs, *map(str, self.checkout.glob(f"infra/*/Pulumi.{NAME}.yaml"))]


@pytest.fixture(scope="module")
def account(
    databricks_workspace: "Workspace",
    snowflake_server: "SnowflakeServer",
    cloud_network: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Account]:
    engine = require_engine()
    require_tools("An account", missing_packages("pulumi_databricks", "pulumi_snowflake"))
    from tests.fakes.databricks_workspace.workspace import CLIENT_ID, CLIENT_SECRET
    from tests.fakes.pulumi_provider.server import serve
    from tests.infra.engine.harness.pulumi_cli import PulumiCli
    from tests.rehearsal.declared_account import DeclaredAccount
    from tests.rehearsal.production.dev_stack import StandIns
    from tests.rehearsal.pull_requests.origin import make_origin
    from tests.rehearsal.pull_requests.standing_clouds import bring_up, make_clouds

    folder = tmp_path_factory.mktemp("account")
    for name in ("origin", "checkout"):
        (folder / name).mkdir()
    make_origin(ROOT, folder / "origin").check_out("main", 1, folder / "checkout")
    (folder / "checkout" / ".venv").symlink_to(ROOT / ".venv")
    stand_ins = StandIns(databricks_workspace, snowflake_server, make_key_pair())
    clouds = make_clouds(stand_ins, [])
    with ExitStack() as open_until_the_end:
        enter = open_until_the_end.enter_context
        providers = [enter(serve(one)).attachment for one in (clouds.snowflake, clouds.databricks)]
        cli = PulumiCli(engine, ROOT / ".venv", folder / "engine", providers, CREDENTIALS)
        bring_up(cli, folder / "checkout")
        storage = enter(object_storage("lake"))
        stand_ins.snowflake.users.register(OPERATOR, stand_ins.key.public)
        databricks_workspace.warehouse_ids.add(clouds.warehouse_path.rpartition("/")[2])
        yield Account(
            clouds,
            storage,
            folder / "checkout",
            {
                **{name: value for name, value in cli.process_environment().items() if name not in CREDENTIALS},
                **cloud_network,
                **storage.environment,
                "HOME": str(folder),
                "PYTHONPATH": str(ROOT),
                EnvironmentVariable.DATABRICKS_CLIENT_ID: CLIENT_ID,
                EnvironmentVariable.DATABRICKS_CLIENT_SECRET: CLIENT_SECRET,
                EnvironmentVariable.DATABRICKS_HTTP_PATH: clouds.warehouse_path,
                EnvironmentVariable.DATABRICKS_SERVER_HOSTNAME: DATABRICKS_HOST,
                EnvironmentVariable.PLATFORM_STORAGE_URI: "s3://lake/platform",
                EnvironmentVariable.SNOWFLAKE_ACCOUNT: SNOWFLAKE_ACCOUNT,
                EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY: stand_ins.key.pem,
                EnvironmentVariable.SNOWFLAKE_USER: OPERATOR,
            },
        )
        stand_ins.snowflake.users.forget(OPERATOR)
        databricks_workspace.warehouse_ids.discard(clouds.warehouse_path.rpartition("/")[2])
        engine_of = DeclaredAccount(stand_ins.snowflake.engine)
        for deployment in (PROD, DEV):
            names = SnowflakeNames(deployment)
            for database in (names.raw_database, names.analytics_database):
                engine_of.drop_database(database)
            databricks_workspace.lakehouse.drop_catalog(DatabricksNames(deployment).catalog)


def test_production_is_rehearsed_in_throw_away_names_and_nothing_is_left(account: Account, tmp_path: Path) -> None:
    kept = Path(os.environ.get("ACCOUNT_REHEARSAL_TRACE", tmp_path / "trace.json"))
    write(tmp_path / "expected.json", [INVENTED])
    before = account.clouds.held()

    rehearsal = account.start("--yes", "--compare-with", str(tmp_path / "expected.json"), "--keep", str(kept))
    said, _ = rehearsal.communicate()

    print(said)
    assert rehearsal.returncode == 0, said
    # XSMALL, one credit an hour; 2X-Small serverless, 4 DBU an hour: both for two hours.
    assert "warehouse CI_DEV: at most 2 credits" in said
    assert "SQL warehouse platform_sql_dev: at most 8 DBU" in said
    assert f"snowflake: {INVENTED.text}\n    stand-in: succeeded\n    account:  never asked" in said
    asked = read(kept)
    assert {one.place for one in asked} == {"databricks", "pulumi databricks", "pulumi snowflake", "snowflake"}
    assert [one for one in asked if "901" in one.text] == []
    assert [one for one in asked if one.place == "snowflake" and one.text.startswith("copy into")] != []
    assert account.remains() == []
    assert account.clouds.held() == before


def test_whoever_stops_it_leaves_nothing(account: Account, tmp_path: Path) -> None:
    write(tmp_path / "expected.json", [])
    before = account.clouds.held()
    rehearsal = account.start("--yes", "--compare-with", str(tmp_path / "expected.json"))
    assert rehearsal.stdout is not None
    for line in rehearsal.stdout:
        if line.startswith("2  "):
            rehearsal.send_signal(signal.SIGTERM)
            break
    said = rehearsal.stdout.read()
    assert rehearsal.wait() == 2, said
    assert "stopped by SIGTERM" in said
    assert "nothing is left" in said
    assert account.remains() == []
    assert account.clouds.held() == before


def test_a_terminal_that_is_closed_while_the_stack_comes_up_leaves_nothing(account: Account, tmp_path: Path) -> None:
    write(tmp_path / "expected.json", [])
    before = account.clouds.held()
    theirs, ours = os.openpty()
    rehearsal = account.start("--yes", "--compare-with", str(tmp_path / "expected.json"), output=ours)
    os.close(ours)
    while not any("901" in name for _, name in account.clouds.held()):
        assert rehearsal.poll() is None
        time.sleep(0.05)
    # Nobody reads any more, and what is written fails.
    os.close(theirs)
    rehearsal.send_signal(signal.SIGHUP)
    # Somebody who insists.
    time.sleep(0.5)
    rehearsal.send_signal(signal.SIGINT)
    assert rehearsal.wait() != 0
    assert account.remains() == []
    assert account.clouds.held() == before


@pytest.mark.parametrize(
    ("answer", "arguments", "said"),
    [
        ("pr-902\n", ["--compare-with", "expected.json"], "nothing was done"),
        ("", ["--compare-with", "none.json", "--yes"], "`make account-rehearsal` makes it first"),
    ],
)
def test_without_a_clear_word_nothing_is_done(
    account: Account, tmp_path: Path, answer: str, arguments: list[str], said: str
) -> None:
    write(tmp_path / "expected.json", [])
    paths = [str(tmp_path / one) if one.endswith(".json") else one for one in arguments]
    rehearsal = account.start(*paths)
    output, _ = rehearsal.communicate(answer)
    assert rehearsal.returncode == 2, output
    assert said in output
    assert account.remains() == []
