import json

import click
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.errors import ContractError

from platform_cli.github_actions.job_files import hand_on
from platform_cli.github_actions.variables import job_environment


@click.command()
@click.option("--variables", envvar="VARIABLES", required=True, help="JSON: the variables that GitHub gives the job.")
def ci_variables(*, variables: str) -> None:
    """Put what signs in and where into the environment of a job's later steps."""
    stated = json.loads(variables)
    if not isinstance(stated, dict):
        raise ContractError("VARIABLES must be the JSON of all variables: VARIABLES: ${{ toJSON(vars) }}")
    hand_on(EnvironmentVariable.GITHUB_ENV, job_environment(stated))
