import os

from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.errors import ContractError
from platform_runtime.github.github import PUBLIC_API, GitHub

_NEEDED = (EnvironmentVariable.GITHUB_REPOSITORY, EnvironmentVariable.GITHUB_TOKEN)


def current_repository() -> GitHub:
    """The repository that a job runs for, with what the job's own token may do.

    Raises:
        ContractError: naming all that is missing.
    """
    missing = [variable.value for variable in _NEEDED if not os.environ.get(variable)]
    if missing:
        raise ContractError(
            f"{' and '.join(missing)} not set: a workflow's job has the first, and its step passes on the second "
            "(GITHUB_TOKEN: ${{ github.token }})"
        )
    repository, token = (os.environ[variable] for variable in _NEEDED)
    return GitHub(os.environ.get(EnvironmentVariable.GITHUB_API_URL) or PUBLIC_API, repository, token)
