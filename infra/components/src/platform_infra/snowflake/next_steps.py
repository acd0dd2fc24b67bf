from platform_contract.deployment import Trait
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.snowflake_names import ServiceUser, SnowflakeNames

from platform_infra.snowflake.arguments import ServiceUserArgs
from platform_infra.snowflake.plan import SnowflakePlan
from platform_infra.snowflake.settings import AccountBudgetSettings


def next_steps(plan: SnowflakePlan) -> list[str]:
    """What a person does once the stack is up, in order."""
    if plan.deployment.has(Trait.PULL_REQUEST):
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
    return [*disabled, *_account_budget(plan.settings.account_budget), *_branch_deployments(plan), connect]


def _account_budget(budget: AccountBudgetSettings | None) -> list[str]:
    """The statements that give the account its budget; of the account there is one, which no stack makes."""
    if budget is None:
        return []
    call = "CALL SNOWFLAKE.LOCAL.ACCOUNT_ROOT_BUDGET"
    spend = f"{call}!SET_SPENDING_LIMIT({budget.credits})"
    tell = f"{call}!SET_EMAIL_NOTIFICATIONS('{', '.join(budget.emails)}')"
    return [
        f"Once in the account's life, as ACCOUNTADMIN: {call}!ACTIVATE()",
        f"Then, and after each change of account_budget: {spend}; {tell}",
    ]


def _branch_deployments(plan: SnowflakePlan) -> list[str]:
    if not plan.deployment.has(Trait.HOSTS_PULL_REQUESTS):
        return []
    pods = SnowflakeNames(plan.deployment).user(ServiceUser.BRANCHES)
    provider = EnvironmentVariable.SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER
    return [f"Set {EnvironmentVariable.SNOWFLAKE_USER}={pods} and {provider} with the agent of branch deployments"]


def _enable(plan: SnowflakePlan, user: ServiceUserArgs) -> str:
    key = user.name.removesuffix(plan.deployment.suffix.upper()).lower()
    return (
        f"{user.name} is disabled: give it a key pair or an identity under users.{key} of the stack file, and up again"
    )
