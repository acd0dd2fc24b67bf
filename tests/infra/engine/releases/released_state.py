"""The states of standing stacks as releases left them, kept beside this file: `<release>/<program>.<stack>.json`.

Record those of a new release, and commit them, with the Pulumi CLI at hand:

    .venv/bin/python -m tests.infra.engine.releases.released_state <release>
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platform_contract.databricks_names import DatabricksNames
from platform_contract.deployment import parse_deployment
from platform_contract.local_paths import checkout
from platform_contract.snowflake_names import SnowflakeNames

from tests.deployments import DEV, PROD
from tests.fakes.pulumi_provider.cloud import Cloud
from tests.fakes.pulumi_provider.databricks.databricks_cloud import DatabricksCloud
from tests.fakes.pulumi_provider.databricks.store import MemoryLakehouseStore
from tests.fakes.pulumi_provider.server import serve
from tests.fakes.pulumi_provider.snowflake.account import Edition
from tests.fakes.pulumi_provider.snowflake.snowflake_cloud import SnowflakeCloud
from tests.fakes.pulumi_provider.snowflake.store import MemorySnowflakeStore
from tests.fakes.pulumi_provider.snowflake.tokens import ACCOUNT_ROLE, GRANT_ACCOUNT_ROLE
from tests.infra.engine.harness.engine_run import EngineRun
from tests.infra.engine.harness.inline_stack import InlineStack
from tests.infra.engine.harness.program_folder import copy_program
from tests.infra.engine.harness.pulumi_cli import PulumiCli, Stack
from tests.infra.engine.harness.pulumi_engine import require_engine

KEPT = Path(__file__).parent
_STANDING = (DEV.name, PROD.name)
_WORKSPACES = {
    "example-dev.cloud.databricks.com": "1111111111111111",
    "example-prod.cloud.databricks.com": "2222222222222222",
}
_TRUST = "platform-databricks:storage_trust"
# What differs from run to run and machine to machine, and says nothing of a resource.
_PASSING = ("created", "modified", "sourcePosition", "stackTrace")


@dataclass(frozen=True, slots=True)
class ReleasedState:
    """The state of one stack of one program, as a release left it."""

    file: Path

    @property
    def program(self) -> str:
        """`snowflake` or `databricks`."""
        return self.file.name.split(".")[0]

    @property
    def stack(self) -> str:
        """`dev` or `prod`."""
        return self.file.name.split(".")[1]

    def __str__(self) -> str:
        return f"{self.file.parent.name}-{self.program}-{self.stack}"


def released_states() -> list[ReleasedState]:
    """Every state that is kept."""
    return [ReleasedState(file) for file in sorted(KEPT.glob("*/*.json"))]


@contextmanager
def program_on_fakes(program: str, root: Path) -> Iterator[tuple[PulumiCli, Path, Cloud[Any]]]:
    """A copy of a program, and the CLI before an empty account of its cloud."""
    cloud = _cloud(program)
    with serve(cloud) as provider:
        environment = checkout(Path(__file__)) / ".venv"
        cli = PulumiCli(require_engine(), environment, root / "engine", [provider.attachment], {})
        yield cli, copy_program(program, root / "checkout"), cloud


def preview_over(state: ReleasedState, root: Path) -> EngineRun:
    """What today's program would do to a stack that a release has left."""
    with program_on_fakes(state.program, root) as (cli, folder, cloud):
        if isinstance(cloud, SnowflakeCloud):
            # Production's stack signs in as dev's administrator of pull requests.
            admin = cloud.sign_in({"role": "SECURITYADMIN"})
            role = SnowflakeNames(DEV).pull_request_admin
            cloud.plant(admin, ACCOUNT_ROLE, {"name": role})
            cloud.plant(admin, GRANT_ACCOUNT_ROLE, {"roleName": role, "parentRoleName": "SYSADMIN"})
        stack = Stack(cli, folder, state.stack).init()
        stack.run("stack", "import", "--file", str(state.file)).succeeded()
        _establish_trust(state.program, stack)
        return InlineStack(cli, folder, state.stack).preview(None, refresh=False)


def record(release: str, root: Path) -> None:
    """Make the standing stacks on the fakes and keep their states."""
    for program in ("snowflake", "databricks"):
        with program_on_fakes(program, root / program) as (cli, folder, cloud):
            for name in _STANDING:
                stack = _bring_up(program, Stack(cli, folder, name).init(), cloud)
                _keep(stack, KEPT / release / f"{program}.{name}.json")


def _bring_up(program: str, stack: Stack, cloud: Cloud[Any]) -> Stack:
    stack.up().succeeded()
    if isinstance(cloud, DatabricksCloud):
        cloud.account.trust(DatabricksNames(parse_deployment(stack.name)).storage_credential)
        _establish_trust(program, stack)
        stack.up().succeeded()
    return stack


def _establish_trust(program: str, stack: Stack) -> None:
    if program == "databricks":
        stack.configure(_TRUST, "established")


def _keep(stack: Stack, file: Path) -> None:
    exported = json.loads(stack.run("stack", "export").succeeded().output)
    deployment = exported["deployment"]
    # One resource a line, so that what differs between releases can be read.
    resources = ",\n".join(json.dumps(_lasting(one)) for one in deployment["resources"])
    manifest = json.dumps(deployment["manifest"])
    head = f'{{"version": {exported["version"]}, "deployment": {{"manifest": {manifest}, "resources": ['
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{head}\n{resources}\n]}}}}\n", encoding="utf-8")


def _lasting(resource: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in resource.items() if key not in _PASSING}


def _cloud(program: str) -> Cloud[Any]:
    if program == "snowflake":
        return SnowflakeCloud(Edition.ENTERPRISE, MemorySnowflakeStore())
    return DatabricksCloud(_WORKSPACES, MemoryLakehouseStore())


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        record(sys.argv[1], Path(scratch))
