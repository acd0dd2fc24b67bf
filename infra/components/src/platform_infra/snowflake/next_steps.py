from platform_contract.deployment import DeploymentKind
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.snowflake_names import ServiceUser, SnowflakeNames

from platform_infra.snowflake.arguments import ServiceUserArgs
from platform_infra.snowflake.plan import SnowflakePlan


def next_steps(plan: SnowflakePlan) -> list[str]:
    """What a person does once the stack is up, in order."""
    if plan.deployment.kind is DeploymentKind.PULL_REQUEST:
        return [
            "Clone production's tables into these databases, then open the branch deployment in Dagster+",
            f"Destroy this stack when pull request {plan.deployment.pull_request} closes",
        ]
    disabled = [_enable(plan, user) for user in plan.users if user.sign_in is None]
    dagster = SnowflakeNames(plan.deployment).user(ServiceUser.DAGSTER)
    connect = (
        f"Set {EnvironmentVariable.SNOWFLAKE_USER}={dagster}, {EnvironmentVariable.SNOWFLAKE_ACCOUNT} and "
        f"its private key or identity in Dagster+ for deployment {plan.deployment}"
    )
    return [*disabled, *_branch_deployments(plan), connect]


def _branch_deployments(plan: SnowflakePlan) -> list[str]:
    if plan.deployment.kind is not DeploymentKind.DEV:
        return []
    pods = SnowflakeNames(plan.deployment).user(ServiceUser.BRANCHES)
    provider = EnvironmentVariable.SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER
    return [f"Set {EnvironmentVariable.SNOWFLAKE_USER}={pods} and {provider} with the agent of branch deployments"]


def _enable(plan: SnowflakePlan, user: ServiceUserArgs) -> str:
    key = user.name.removesuffix(plan.deployment.suffix.upper()).lower()
    return (
        f"{user.name} is disabled: give it a key pair or an identity under users.{key} of the stack file, and up again"
    )
