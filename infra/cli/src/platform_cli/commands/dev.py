import os
import sys
from pathlib import Path

import click
from platform_contract.errors import ContractError

from platform_cli.ports import is_free
from platform_cli.provisioning import provision
from platform_cli.workplace import current_workplace

_HOST = "127.0.0.1"


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), required=True, help="Port of the Dagster UI.")
def dev(port: int) -> None:
    """Serve the Dagster UI and daemon on this machine, with the deployment's runs in it, until Ctrl-C."""
    workplace = current_workplace()
    if not is_free(_HOST, port):
        raise ContractError(f"port {port} is in use: stop what listens there, or run `make dev PORT={port + 1}`")
    provision(workplace)
    click.echo(f"Dagster UI of deployment {workplace.deployment}: http://localhost:{port}, loading")
    os.chdir(workplace.checkout)
    dg = str(Path(sys.executable).with_name("dg"))
    os.execve(dg, [dg, "dev", "--host", _HOST, "--port", str(port)], os.environ | workplace.environment)  # noqa: S606
