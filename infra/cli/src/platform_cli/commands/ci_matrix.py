import json

import click
from platform_contract.environment_variables import EnvironmentVariable

from platform_cli.github_actions.job_files import hand_on
from platform_cli.github_actions.matrices import Row, expired_rows, release_rows, standing_rows


@click.group()
def ci_matrix() -> None:
    """Hand on what a workflow's job is repeated for, as the output `rows` of the step: JSON."""


@ci_matrix.command()
def standing() -> None:
    """The deployments that stand, and from which environment of the repository each may be looked at."""
    _hand_on(standing_rows())


@ci_matrix.command()
def releases() -> None:
    """The deployments that a release goes through, one after the other.

    Their names and the environment of the first, whose role pushes the images, are outputs too.
    """
    rows = release_rows()
    _hand_on(rows)
    names = " ".join(row["deployment"] for row in rows)
    hand_on(EnvironmentVariable.GITHUB_OUTPUT, {"names": names, "builder": rows[0]["environment"]})


@ci_matrix.command()
def expired() -> None:
    """The pull requests whose environment has outlived its last day."""
    _hand_on(expired_rows())


def _hand_on(rows: list[Row]) -> None:
    text = json.dumps(rows, separators=(",", ":"))
    hand_on(EnvironmentVariable.GITHUB_OUTPUT, {"rows": text})
    click.echo(text)
