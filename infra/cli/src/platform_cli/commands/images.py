import os
from pathlib import Path

import click
from platform_contract.deployment import Deployment
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.local_paths import checkout

from platform_cli.dagster_plus.hosted_deployment import HostedDeployment
from platform_cli.dagster_plus.image_digests import as_text
from platform_cli.dagster_plus.image_repository import image_repository
from platform_cli.dagster_plus.image_trust import trust_of
from platform_cli.dagster_plus.images import ImageBuild
from platform_cli.github_actions.job_files import hand_on


@click.command()
@click.option(
    "--deployment",
    "deployments",
    type=HostedDeployment(),
    multiple=True,
    required=True,
    help="Which the images may serve: all that stand, which share theirs, or pr-<n>.",
)
@click.option("--tag", required=True, help="The state of the code, usually the commit's hash.")
def images(*, deployments: tuple[Deployment, ...], tag: str) -> None:
    """Build the image of every code location and push it, unless that state of the code has been pushed before.

    Ends with the digest of each, as `platform deploy` takes them; in a job they are its step's output `images` too.
    """
    root = checkout(Path.cwd())
    repository = image_repository(root, trust_of(deployments))
    digests = as_text(dict(ImageBuild(root, repository, deployments, tag).digests()))
    if os.environ.get(EnvironmentVariable.GITHUB_OUTPUT):
        hand_on(EnvironmentVariable.GITHUB_OUTPUT, {"images": digests})
    click.echo(digests)
