from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Any

from platform_contract.deployment import Deployment, pull_request

from platform_runtime.github.github import GitHub


@dataclass(frozen=True, slots=True)
class ClosedPullRequest:
    """A pull request that had an environment of its own, and when it was closed."""

    deployment: Deployment
    closed_at: datetime


def closed_pull_requests(github: GitHub, since: datetime) -> Iterator[ClosedPullRequest]:
    """The pull requests from branches of the repository itself that were closed since a moment, latest change first.

    One from a fork never had an environment, so there is nothing of it to remove.
    """
    query = {"state": "closed", "sort": "updated", "direction": "desc"}
    found = github.items("pulls", query, None)
    for one in takewhile(lambda pull: datetime.fromisoformat(pull["updated_at"]) >= since, found):
        closed_at = datetime.fromisoformat(one["closed_at"])
        if closed_at >= since and _is_own(one, github.repository):
            yield ClosedPullRequest(pull_request(one["number"]), closed_at)


def _is_own(pull: dict[str, Any], repository: str) -> bool:
    """A fork that was deleted since has no repository any more."""
    head = pull["head"]["repo"]
    return head is not None and head["full_name"].lower() == repository.lower()
