import shlex
import subprocess
import sys
from pathlib import Path

import click
from platform_contract.deployment import Deployment
from platform_contract.local_paths import checkout

from platform_cli.dagster_plus.hosted_deployment import deployment_option, tag_option
from platform_cli.dagster_plus.images import image as image_of


@click.command()
@click.option("--location", required=True, help="A location of dagster_cloud.yaml.")
@deployment_option
@tag_option
@click.option("--push", is_flag=True, help="Push it to the registry that dagster_cloud.yaml names.")
def image(*, location: str, deployment: Deployment, tag: str, push: bool) -> None:
    """Build a code location's image with Docker. Exits with Docker's code when it fails."""
    root = checkout(Path.cwd())
    wanted = image_of(root, location, deployment, tag)
    for command in (wanted.build_command(), *([wanted.push_command()] if push else [])):
        click.echo(shlex.join(command))
        code = subprocess.run(command, cwd=root, check=False).returncode
        if code != 0:
            sys.exit(code)
