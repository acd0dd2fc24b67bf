from dataclasses import dataclass
from pathlib import Path

from platform_contract.databricks_names import DatabricksNames, Principal
from platform_contract.deployment import Deployment, Trait, deployments
from platform_contract.domain import Engine
from platform_contract.domains import domains_on

from platform_infra.databricks.plan import databricks_plan
from platform_infra.databricks.settings import databricks_settings
from platform_infra.permissions.access_graph import AccessGraph
from platform_infra.permissions.databricks_access import databricks_grants
from platform_infra.permissions.databricks_needs import DatabricksPlace, databricks_justified
from platform_infra.permissions.dbt_needs import dbt_needs
from platform_infra.permissions.declared_rows import declared_permissions
from platform_infra.permissions.lakehouse_needs import lakehouse_needs
from platform_infra.permissions.right import JustifiedRight
from platform_infra.permissions.snowflake_access import snowflake_grants
from platform_infra.permissions.snowflake_needs import snowflake_justified
from platform_infra.recording.programs import record_databricks, record_snowflake
from platform_infra.stack_settings.stack_config import project_config
from platform_infra.stack_settings.stack_files import project_name, stack_files_config


@dataclass(frozen=True, slots=True)
class CloudAccess:
    """One cloud's part of a deployment: what the stacks give there, and what is needed or declared."""

    cloud: str
    graph: AccessGraph
    justified: tuple[JustifiedRight, ...]


def snowflake_access(checkout: Path, deployment: Deployment, manifest: Path) -> CloudAccess:
    """Who may do what in Snowflake, by the stack of a deployment and the standing ones beside it.

    Args:
        checkout: holds the programs, the code locations and the dbt project.
        deployment: a standing one or a pull request.
        manifest: the dbt project's.
    """
    stacks = _with_standing(deployment)
    grants = [g for one in stacks for g in snowflake_grants(record_snowflake(checkout / "infra", one), one.name)]
    domains = domains_on(Engine.SNOWFLAKE)
    rows = (*dbt_needs(manifest, domains), *declared_permissions(checkout).snowflake)
    return CloudAccess("Snowflake", AccessGraph(grants), tuple(snowflake_justified(deployment, rows, domains)))


def databricks_access(checkout: Path, deployment: Deployment) -> CloudAccess:
    """Who may do what in Databricks, by the stack of a deployment and the standing ones beside it."""
    infra = checkout / "infra"
    grants = [
        grant
        for one in _with_standing(deployment)
        for grant in databricks_grants(record_databricks(infra, one), one.name, _applied_by(one))
    ]
    rows = (*lakehouse_needs(checkout), *declared_permissions(checkout).databricks)
    return CloudAccess("Databricks", AccessGraph(grants), tuple(databricks_justified(_place(infra, deployment), rows)))


def _with_standing(deployment: Deployment) -> tuple[Deployment, ...]:
    return tuple(dict.fromkeys((*deployments().standing, deployment)))


def _applied_by(deployment: Deployment) -> str | None:
    if not deployment.has(Trait.PULL_REQUEST):
        return None
    return DatabricksNames(deployment).principal(Principal.CI)


def _place(infra: Path, deployment: Deployment) -> DatabricksPlace:
    folder = infra / "databricks"
    project = project_name(folder)
    config = project_config(project, stack_files_config(folder, deployment.name), frozenset())
    settings, workspace = databricks_settings(deployment, config, project)
    return DatabricksPlace.of(databricks_plan(deployment, settings, workspace))
