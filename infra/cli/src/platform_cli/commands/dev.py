import os
import sys
from pathlib import Path

import click
from platform_contract.automation import automation_is_on
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.errors import ContractError

from platform_cli.ports import is_free
from platform_cli.provisioning import provision
from platform_cli.workplace import Workplace, current_workplace

_HOST = "127.0.0.1"
_AUTOMATION_ON = "Sensors and schedules are on: what lands finds its way to gold by itself"
_AUTOMATION_OFF = "Sensors and schedules are off: `make dev AUTOMATION=1` turns them on"


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), required=True, help="Port of the Dagster UI.")
@click.option("--automation", is_flag=True, help="Let sensors and schedules run.")
def dev(*, port: int, automation: bool) -> None:
    """Serve the Dagster UI and daemon on this machine, with the deployment's runs in it, until Ctrl-C.

    Sensors and schedules are off unless automation is asked for, or somebody turns them on in the UI.
    """
    workplace = current_workplace()
    if not is_free(_HOST, port):
        raise ContractError(f"port {port} is in use: stop what listens there, or run `make dev PORT={port + 1}`")
    on = automation or automation_is_on(os.environ)
    provision(workplace)
    click.echo(f"Dagster UI of deployment {workplace.deployment}: http://localhost:{port}, loading")
    click.echo(_AUTOMATION_ON if on else _AUTOMATION_OFF)
    os.chdir(workplace.checkout)
    dg = str(Path(sys.executable).with_name("dg"))
    os.execve(dg, [dg, "dev", "--host", _HOST, "--port", str(port)], _environment(workplace, on))  # noqa: S606


def _environment(workplace: Workplace, automation_on: bool) -> dict[str, str]:
    chosen = {EnvironmentVariable.PLATFORM_AUTOMATION: "true" if automation_on else "false"}
    return os.environ | workplace.environment | chosen
