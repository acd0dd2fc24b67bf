import os

import click
from platform_contract.deployment import Deployment
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.errors import ContractError
from platform_contract.github_names import release_job

from platform_cli.dagster_plus.hosted_deployment import deployment_option
from platform_cli.github_actions.repository import current_repository

_RUN = EnvironmentVariable.GITHUB_RUN_ID


@click.command()
@deployment_option
def require_released(*, deployment: Deployment) -> None:
    """Fail unless this run of the main workflow has released to a deployment, in this attempt or an earlier one.

    GitHub takes the jobs of a matrix in order and promises none, so each release looks for the one before it.
    """
    run = os.environ.get(_RUN)
    if not run:
        raise ContractError(f"{_RUN} is not set: only a job of a workflow has a run whose other jobs can be looked at")
    # Of a run that is repeated for its failed jobs alone, the others belong to an earlier attempt.
    jobs = current_repository().items(f"actions/runs/{run}/jobs", {"filter": "all"}, "jobs")
    name = release_job(deployment)
    if not any(job["name"] == name and job["conclusion"] == "success" for job in jobs):
        raise ContractError(
            f"this run has not released to {deployment}, which comes first: let its job {name!r} succeed, "
            "then run this one again"
        )
    click.echo(f"{deployment} is released")
