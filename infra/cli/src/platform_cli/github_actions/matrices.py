from datetime import UTC, datetime
from pathlib import Path

from dagster_cloud_cli.config.models import load_dagster_cloud_yaml
from platform_contract.deployment import DEV, PROD, Deployment
from platform_contract.github_names import watched_from
from platform_contract.local_paths import checkout

from platform_cli.pull_requests.expired import expired_pull_requests

type Row = dict[str, str]


def image_rows(deployments: tuple[Deployment, ...]) -> list[Row]:
    """A row for each code location of `dagster_cloud.yaml`, in each of the deployments."""
    text = (checkout(Path.cwd()) / "dagster_cloud.yaml").read_text(encoding="utf-8")
    locations = [location.location_name for location in load_dagster_cloud_yaml(text).locations]
    return [
        {"location": location, "deployment": deployment.name} for deployment in deployments for location in locations
    ]


def standing_rows() -> list[Row]:
    """A row for each deployment that stands, and the environment on GitHub from which it may be looked at."""
    return [
        {"deployment": deployment.name, "environment": watched_from(deployment).value} for deployment in (DEV, PROD)
    ]


def expired_rows() -> list[Row]:
    """A row for each pull request whose environment has outlived its last day."""
    return [{"deployment": deployment.name} for deployment in expired_pull_requests(datetime.now(UTC).date())]
