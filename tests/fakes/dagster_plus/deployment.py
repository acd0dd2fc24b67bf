from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from tests.fakes.dagster_plus.code_server import CodeServer


class DeploymentType(StrEnum):
    PRODUCTION = "PRODUCTION"
    BRANCH = "BRANCH"


@dataclass(slots=True)
class LocationEntry:
    """A location of a deployment: what was asked for, and how far the agent has come with it."""

    document: dict[str, Any]
    server: CodeServer | None = None
    error: str | None = None

    @property
    def loaded(self) -> bool:
        return self.server is not None or self.error is not None

    def stop(self) -> None:
        if self.server is not None:
            self.server.stop()


@dataclass(slots=True)
class HostedRun:
    """A run: its process ends with it."""

    run_id: str
    job: str
    location: str
    tags: dict[str, str]
    status: str = "STARTED"
    log: Path | None = None


@dataclass(slots=True)
class HostedDeployment:
    """A deployment of Dagster+. `branch` and `commit` are what a branch deployment was made with."""

    deployment_id: int
    name: str
    kind: DeploymentType
    home: Path
    base: str | None = None
    branch: dict[str, Any] | None = None
    commit: dict[str, Any] | None = None
    locations: dict[str, LocationEntry] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    alert_policies: list[dict[str, Any]] = field(default_factory=list)
    runs: dict[str, HostedRun] = field(default_factory=dict)
    # Sensors and schedules that somebody has turned on or off, by name; it holds until he turns them back.
    switched: dict[str, bool] = field(default_factory=dict)

    @property
    def closed(self) -> bool:
        return self.branch is not None and self.branch["pullRequestStatus"] != "OPEN"

    @property
    def variables(self) -> dict[str, str]:
        """What Dagster+ sets in every code server and run of the deployment."""
        common = {"DAGSTER_CLOUD_DEPLOYMENT_NAME": self.name}
        if self.branch is None or self.commit is None:
            return common | {"DAGSTER_CLOUD_IS_BRANCH_DEPLOYMENT": "0"}
        return common | {
            "DAGSTER_CLOUD_IS_BRANCH_DEPLOYMENT": "1",
            "DAGSTER_CLOUD_PULL_REQUEST_ID": self.branch["pullRequestNumber"] or "",
            "DAGSTER_CLOUD_PULL_REQUEST_STATUS": self.branch["pullRequestStatus"],
            "DAGSTER_CLOUD_GIT_REPO": self.branch["repoName"],
            "DAGSTER_CLOUD_GIT_BRANCH": self.branch["branchName"],
            "DAGSTER_CLOUD_GIT_SHA": self.commit["commitHash"],
        }

    def stop(self) -> None:
        """Stop every code server."""
        for entry in self.locations.values():
            entry.stop()
