from collections import defaultdict
from datetime import date

from platform_contract.deployment import Deployment, is_pull_request, parse_deployment, pull_request

from platform_cli.stacks.expiry import last_day
from platform_cli.stacks.stack import Stack, stacks_of


def stands_until(deployment: Deployment) -> date | None:
    """The last day of a pull request's environment: the latest of its stacks'; None where it has no stack."""
    return _last_days([deployment.name]).get(deployment)


def expired_pull_requests(today: date) -> list[Deployment]:
    """The pull requests whose last day is past, by number. No other stack is ever looked at.

    Raises:
        ContractError: without the Pulumi CLI, or when the backend does not answer.
    """
    expired = [deployment for deployment, day in _last_days(None).items() if day < today]
    return sorted(expired, key=lambda deployment: deployment.pull_request or 0)


def _last_days(wanted: list[str] | None) -> dict[Deployment, date]:
    """The last day of each pull request that has a stack; of the wanted ones, or of all."""
    days: dict[Deployment, list[date]] = defaultdict(list)
    # All pull requests keep their state in one backend, so any of them shows the stacks of every one.
    for one in stacks_of(pull_request(1)):
        for name, listed in one.program_stacks().items():
            if is_pull_request(name) and (wanted is None or name in wanted):
                deployment = parse_deployment(name)
                stack = Stack(one.program, one.folder, deployment, one.state, one.cli)
                days[deployment].append(last_day(stack, listed))
    return {deployment: max(found) for deployment, found in days.items()}
