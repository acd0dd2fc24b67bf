import re

from platform_contract.deployment import Deployment, Trait, parse_deployment
from platform_contract.errors import ContractError

# No pull request will ever have such a number: whatever is called so may go.
_THROW_AWAY = re.compile(r"pr-9[0-9]{2,8}")


def throw_away_deployment(name: str) -> Deployment:
    """The deployment that a rehearsal on an account may make and remove.

    Raises:
        ContractError: for every name but pr-9<n>, n of two digits at least: what stands is never rehearsed in.
    """
    deployment = parse_deployment(name)
    if not deployment.has(Trait.PULL_REQUEST) or _THROW_AWAY.fullmatch(name) is None:
        raise ContractError(f"{name} is not to be thrown away: name one that starts with pr-9, such as pr-901")
    return deployment
