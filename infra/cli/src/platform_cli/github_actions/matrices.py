from datetime import UTC, datetime

from platform_contract.deployment import deployments
from platform_contract.github_names import watched_from

from platform_cli.pull_requests.expired import expired_pull_requests

type Row = dict[str, str]


def standing_rows() -> list[Row]:
    """A row for each deployment that stands, and the environment on GitHub from which it may be looked at."""
    return [
        {"deployment": deployment.name, "environment": watched_from(deployment)}
        for deployment in deployments().standing
    ]


def release_rows() -> list[Row]:
    """A row for each deployment that a release goes through, in that order.

    `environment` is whose jobs release it, `after` the deployment that has to be released before it, and `publishes`
    says where what then runs is what pull requests are compared with.
    """
    known = deployments()
    before = ("", *(one.name for one in known.standing))
    return [
        {
            "deployment": one.name,
            "environment": one.github_environment,
            "after": after,
            "publishes": str(one == known.cloned).lower(),
        }
        for one, after in zip(known.standing, before, strict=False)
    ]


def expired_rows() -> list[Row]:
    """A row for each pull request whose environment has outlived its last day."""
    return [{"deployment": deployment.name} for deployment in expired_pull_requests(datetime.now(UTC).date())]
