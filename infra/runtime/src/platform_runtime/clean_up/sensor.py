import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import dagster as dg
from platform_contract.automation import automation_is_on
from platform_contract.deployment import Trait
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.resolution import inside_dagster_plus, resolve_deployment
from platform_contract.settings import CLEAN_UP_REQUIREMENTS, require_settings

from platform_runtime.automation import Automation
from platform_runtime.clean_up.close_runs import CloseRuns, CloseState
from platform_runtime.clean_up.closed_pull_requests import closed_pull_requests
from platform_runtime.github.github import PUBLIC_API, GitHub

_EVERY_SECONDS = 30 * 60
# What is older is left to the nightly sweep, which goes by the expiry of the stacks.
_LOOK_BACK = timedelta(days=14)


def clean_up_definitions(environ: Mapping[str, str]) -> dg.Definitions:
    """The sensor in the one deployment of Dagster+ that cleans up, and nothing in any other."""
    if inside_dagster_plus(environ) and resolve_deployment(environ).has(Trait.CLEANS_UP):
        return dg.Definitions(sensors=[clean_up_sensor(Automation(automation_is_on(environ)))])
    return dg.Definitions()


def clean_up_sensor(automation: Automation) -> dg.SensorDefinition:
    """A sensor that starts the close workflow for every pull request whose own run of it failed, or never came.

    It holds no power but to start workflows: what one of them removes, that one decides. A tick fails when the
    environment lacks a setting or GitHub refuses; the next one tries again.
    """

    @dg.sensor(minimum_interval_seconds=_EVERY_SECONDS, default_status=automation.sensors)
    def clean_up_closed_pull_requests(context: dg.SensorEvaluationContext) -> dg.SkipReason:
        dispatched = dispatch_wanted(_github(), datetime.now(UTC))
        context.log.info("Started the close workflow for %d pull requests: %s", len(dispatched), dispatched)
        names = ", ".join(dispatched) or "none, nothing is left behind"
        return dg.SkipReason(f"started the close workflow for: {names}")

    return clean_up_closed_pull_requests


def dispatch_wanted(github: GitHub, now: datetime) -> list[str]:
    """Start what nobody has brought to its end; the names of those pull requests."""
    since = now - _LOOK_BACK
    runs = CloseRuns(github, since)
    wanted = [
        closed.deployment
        for closed in closed_pull_requests(github, since)
        if runs.state(closed.deployment, closed.closed_at, now) is CloseState.WANTED
    ]
    for deployment in wanted:
        runs.dispatch(deployment)
    return [deployment.name for deployment in wanted]


def _github() -> GitHub:
    settings = require_settings(os.environ, CLEAN_UP_REQUIREMENTS, "the clean-up of closed pull requests")
    return GitHub(
        os.environ.get(EnvironmentVariable.GITHUB_API_URL) or PUBLIC_API,
        settings[EnvironmentVariable.PLATFORM_REPOSITORY],
        settings[EnvironmentVariable.PLATFORM_WORKFLOW_TOKEN],
    )
