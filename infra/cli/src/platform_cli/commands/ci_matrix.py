import json

import click
from platform_contract.environment_variables import EnvironmentVariable

from platform_cli.github_actions.job_files import hand_on
from platform_cli.github_actions.matrices import MATRICES


@click.command()
@click.argument("name", type=click.Choice(list(MATRICES)))
def ci_matrix(*, name: str) -> None:
    """Hand on, as the output `<NAME>` of a workflow's step, what a job is to be repeated for: a JSON list of rows."""
    rows = json.dumps(MATRICES[name](), separators=(",", ":"))
    hand_on(EnvironmentVariable.GITHUB_OUTPUT, {name: rows})
    click.echo(f"{name}: {rows}")
