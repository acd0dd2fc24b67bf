from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from dagster_cloud_cli.config.models import load_dagster_cloud_yaml
from platform_contract.deployment import DEV, PROD
from platform_contract.github_names import watched_from
from platform_contract.local_paths import checkout

from platform_cli.pull_requests.expired import expired_pull_requests

type Row = Mapping[str, str]


def _locations() -> list[Row]:
    text = (checkout(Path.cwd()) / "dagster_cloud.yaml").read_text(encoding="utf-8")
    return [{"location": location.location_name} for location in load_dagster_cloud_yaml(text).locations]


def _standing() -> list[Row]:
    return [
        {"deployment": deployment.name, "environment": watched_from(deployment).value} for deployment in (DEV, PROD)
    ]


def _expired() -> list[Row]:
    return [{"deployment": deployment.name} for deployment in expired_pull_requests(datetime.now(UTC).date())]


MATRICES: Mapping[str, Callable[[], list[Row]]] = MappingProxyType(
    {"locations": _locations, "standing": _standing, "expired": _expired}
)
"""What a job is repeated for, by name: the code locations, the deployments that stand, the pull requests to sweep."""
