import subprocess
from pathlib import Path

import click
from platform_contract.errors import ContractError
from platform_contract.local_paths import checkout

from platform_cli.github_actions.job_files import hand_on_path


@click.command()
def ci_engine() -> None:
    """Put the Pulumi CLI on the PATH of a job's later steps, in the version that `.ci/pulumi` pins."""
    found = subprocess.run(
        ["sh", str(checkout(Path.cwd()) / ".ci" / "pulumi")], stdout=subprocess.PIPE, text=True, check=False
    )
    if found.returncode != 0:
        raise ContractError("there is no Pulumi CLI, for the reason above")
    hand_on_path(Path(found.stdout.strip()))
