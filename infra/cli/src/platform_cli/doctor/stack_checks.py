from collections.abc import Sequence
from pathlib import Path

from platform_contract.deployment import Deployment, Trait
from platform_infra.databricks.deploy_roles import DEPLOY_ROLES

from platform_cli.doctor.automation import AutomationRuns
from platform_cli.doctor.check import Check
from platform_cli.doctor.cost_notices import CostNotices
from platform_cli.doctor.deploy_variables import DAGSTER_PLUS, PULUMI_DATABRICKS, PULUMI_SNOWFLAKE, DeployVariables
from platform_cli.doctor.deploy_warehouse import DeployWarehouse
from platform_cli.doctor.stack_settings import OwnSettings, StorageTrusted, UsersSignIn
from platform_cli.doctor.stack_state import PulumiTool, SecretsProvider, StackState, StateBackend, StatePlace
from platform_cli.doctor.stacks_before import StacksBefore
from platform_cli.stacks.programs import programs_of


def stack_checks(checkout: Path, deployment: Deployment, local_root: Path) -> Sequence[Check]:
    """What must be right to bring a stack up, in the order in which `infra/README.md` sets it up."""
    infra = checkout / "infra"
    place = StatePlace(infra / "state.yaml", local_root, deployment)
    own = () if deployment.has(Trait.LAPTOP) else _cloud_checks(infra, deployment, place)
    stacks = (StackState(infra / program, place) for program in programs_of(deployment))
    return (PulumiTool(), StateBackend(place), *own, *stacks)


def _cloud_checks(infra: Path, deployment: Deployment, place: StatePlace) -> tuple[Check, ...]:
    snowflake, databricks = infra / "snowflake", infra / "databricks"
    stands = not deployment.has(Trait.PULL_REQUEST)
    standing = (
        CostNotices(snowflake, deployment),
        StorageTrusted(databricks, deployment),
        UsersSignIn(snowflake, deployment),
    )
    return (
        SecretsProvider(place),
        DeployVariables("Snowflake sign-in", PULUMI_SNOWFLAKE, "", "infra/README.md, 3. Who applies the stacks"),
        DeployWarehouse(snowflake, deployment),
        DeployVariables(
            "Databricks sign-in",
            PULUMI_DATABRICKS,
            _databricks_roles(deployment),
            "infra/README.md, 3. Who applies the stacks",
        ),
        OwnSettings(snowflake, deployment),
        OwnSettings(databricks, deployment),
        *(standing if stands else ()),
        DeployVariables("Dagster+ token", DAGSTER_PLUS, "", "infra/README.md, 7. Dagster+"),
        *((AutomationRuns(deployment),) if stands else ()),
        StacksBefore(snowflake, place),
    )


def _databricks_roles(deployment: Deployment) -> str:
    """Pull requests are applied by a principal that is no administrator."""
    if deployment.has(Trait.PULL_REQUEST):
        return ""
    return ", ".join(one.role.value for one in DEPLOY_ROLES)
