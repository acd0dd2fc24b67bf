from datetime import date

from platform_contract.deployment import Deployment, is_pull_request, parse_deployment, pull_request

from platform_cli.stacks.expiry import last_day
from platform_cli.stacks.stack import stacks_of


def standing_pull_requests() -> list[Deployment]:
    """The pull requests of which any program has a stack, by number. No other stack is ever looked at.

    Raises:
        ContractError: without the Pulumi CLI, or when the backend does not answer.
    """
    # All pull requests keep their state in one backend, so any of them shows the stacks of every one.
    names = {name for stack in stacks_of(pull_request(1)) for name in stack.program_stacks()}
    found = [parse_deployment(name) for name in names if is_pull_request(name)]
    return sorted(found, key=lambda deployment: deployment.pull_request or 0)


def stands_until(deployment: Deployment) -> date | None:
    """The last day of a pull request's environment: the latest of its stacks'; None where it has no stack."""
    days = [day for stack in stacks_of(deployment) if (day := last_day(stack)) is not None]
    return max(days, default=None)


def expired_pull_requests(today: date) -> list[Deployment]:
    """The pull requests whose last day is past."""
    return [one for one in standing_pull_requests() if (stands_until(one) or date.min) < today]
