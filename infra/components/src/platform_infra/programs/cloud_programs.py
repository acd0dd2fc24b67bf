"""The two programs. What imports a cloud's SDK is imported by the call that needs it: each takes seconds."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from platform_contract.deployment import Deployment
from platform_contract.domain import Engine
from platform_contract.domains import domains_on

from platform_infra.cost.bound import Description, databricks_bound, snowflake_bound
from platform_infra.databricks import description as databricks_description
from platform_infra.databricks.plan import databricks_plan
from platform_infra.databricks.settings import DatabricksSettings, databricks_settings
from platform_infra.programs.cloud_program import CloudProgram, Config
from platform_infra.snowflake import description as snowflake_description
from platform_infra.snowflake.plan import snowflake_plan
from platform_infra.snowflake.settings import snowflake_settings

if TYPE_CHECKING:
    from platform_infra.adoption.known_ids import KnownIds
    from platform_infra.recording.recorder import RecordedResource, RecordedStack


def _describe_snowflake(deployment: Deployment, config: Config, project: str) -> Description:
    settings = snowflake_settings(deployment, config, project)
    return snowflake_description.describe(snowflake_plan(deployment, settings, domains_on(Engine.SNOWFLAKE)))


def _record_snowflake(infra: Path, deployment: Deployment) -> "RecordedStack":
    from platform_infra.recording.programs import record_snowflake  # noqa: PLC0415 - imports the SDKs

    return record_snowflake(infra, deployment)


def _snowflake_ids(
    resources: list["RecordedResource"], known: "KnownIds"
) -> Callable[["RecordedResource"], str | None]:
    """What is there is called in Snowflake as it is declared, so nobody has to know more."""
    from platform_infra.adoption.snowflake_ids import snowflake_id  # noqa: PLC0415 - imports Pulumi

    del resources, known
    return snowflake_id


def _databricks_settings(deployment: Deployment, config: Config, project: str) -> DatabricksSettings:
    return databricks_settings(deployment, config, project)[0]


def _describe_databricks(deployment: Deployment, config: Config, project: str) -> Description:
    return databricks_description.describe(
        databricks_plan(deployment, *databricks_settings(deployment, config, project))
    )


def _record_databricks(infra: Path, deployment: Deployment) -> "RecordedStack":
    from platform_infra.recording.programs import record_databricks  # noqa: PLC0415 - imports the SDKs

    return record_databricks(infra, deployment)


def _databricks_ids(
    resources: list["RecordedResource"], known: "KnownIds"
) -> Callable[["RecordedResource"], str | None]:
    from platform_infra.adoption.databricks_ids import DatabricksIds  # noqa: PLC0415 - imports Pulumi

    return DatabricksIds(resources, known).of


SNOWFLAKE = CloudProgram(
    name="snowflake",
    settings=snowflake_settings,
    describe=_describe_snowflake,
    bound=snowflake_bound,
    record=_record_snowflake,
    ids=_snowflake_ids,
)
DATABRICKS = CloudProgram(
    name="databricks",
    settings=_databricks_settings,
    describe=_describe_databricks,
    bound=databricks_bound,
    record=_record_databricks,
    ids=_databricks_ids,
)
CLOUD_PROGRAMS = (SNOWFLAKE, DATABRICKS)
"""In the order in which they come up."""


def cloud_program(name: str) -> CloudProgram:
    """The program of that folder.

    Raises:
        KeyError: when no cloud's program has it.
    """
    return {one.name: one for one in CLOUD_PROGRAMS}[name]
