from datetime import UTC, datetime

from platform_contract.deployment import DEV, PROD
from platform_contract.github_names import watched_from

from platform_cli.pull_requests.expired import expired_pull_requests

type Row = dict[str, str]


def standing_rows() -> list[Row]:
    """A row for each deployment that stands, and the environment on GitHub from which it may be looked at."""
    return [
        {"deployment": deployment.name, "environment": watched_from(deployment).value} for deployment in (DEV, PROD)
    ]


def expired_rows() -> list[Row]:
    """A row for each pull request whose environment has outlived its last day."""
    return [{"deployment": deployment.name} for deployment in expired_pull_requests(datetime.now(UTC).date())]
