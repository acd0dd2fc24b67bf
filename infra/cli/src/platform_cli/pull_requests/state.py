from platform_contract.deployment import Deployment, Trait
from platform_contract.errors import ContractError
from platform_runtime.github.github import GitHub, NotFoundError


def require_state(github: GitHub, deployment: Deployment, wanted: str) -> None:
    """Refuse what is for pull requests of another state: an environment for a closed one, removal of an open one's.

    Args:
        github: the repository.
        deployment: the pull request's deployment.
        wanted: `open` or `closed`.

    Raises:
        ContractError: when it is not so, when there is no such pull request, and for any other deployment.
    """
    if not deployment.has(Trait.PULL_REQUEST):
        raise ContractError(f"{deployment} is no pull request's: name pr-<n>")
    try:
        state = github.get(f"pulls/{deployment.pull_request}", {})["state"]
    except NotFoundError:
        raise ContractError(f"{github.repository} has no pull request {deployment.pull_request}") from None
    if state != wanted:
        raise ContractError(f"pull request {deployment.pull_request} is {state}: this is only for one that is {wanted}")
