from collections.abc import Mapping
from typing import Any

import pulumi
from platform_contract.databricks_names import Principal
from platform_contract.environment_variables import EnvironmentVariable

from platform_infra.databricks.description import describe
from platform_infra.databricks.guardrails.rules import databricks_guardrails
from platform_infra.databricks.next_steps import next_steps
from platform_infra.databricks.plan import DatabricksPlan, databricks_plan
from platform_infra.databricks.platform import DatabricksPlatform
from platform_infra.databricks.providers import Providers, workspace_and_account_providers, workspace_provider
from platform_infra.databricks.settings import databricks_settings
from platform_infra.guardrails.guarded_program import run_guarded
from platform_infra.stack_settings.stack_config import stack_config
from platform_infra.stack_settings.stack_deployment import cloud_deployment

_BUDGET_POLICY_ID = EnvironmentVariable.DATABRICKS_BUDGET_POLICY_ID.value


def databricks_program() -> None:
    """Declare the Databricks side of the stack that Pulumi runs, under its guardrails.

    Raises:
        StackSettingsError: for a stack that is no deployment, or settings that are wrong.
        GuardrailError: (from the engine's run) when something declared breaks a rule.
    """
    deployment = cloud_deployment(pulumi.get_stack())
    project = pulumi.get_project()
    settings, workspace = databricks_settings(deployment, stack_config(project), project)
    plan = databricks_plan(deployment, settings, workspace)

    def declare() -> Mapping[str, Any]:
        return _outputs(plan, DatabricksPlatform("databricks", plan, _providers(plan), None), project)

    run_guarded(declare, databricks_guardrails(plan))


def _providers(plan: DatabricksPlan) -> Providers:
    if plan.identities is None and plan.budget is None and plan.budget_policy is None:
        return workspace_provider(plan.workspace)
    return workspace_and_account_providers(plan.workspace)


def _outputs(plan: DatabricksPlan, made: DatabricksPlatform, project: str) -> dict[str, Any]:
    """What a person or a later command needs; nothing here is a secret, for the program is given none."""
    expiry = plan.settings.expiry(plan.deployment)
    return {
        "next_steps": next_steps(plan, project),
        "platform": describe(plan),
        **({} if made.sql_warehouse is None else {"environment": _environment(made)}),
        **({} if made.storage is None else {"storage_trust": made.storage.trust}),
        **({} if made.identities is None else {"principals": made.identities.principal_ids}),
        **({} if expiry is None else {"expiry": expiry}),
    }


def _environment(made: DatabricksPlatform) -> dict[str, Any]:
    """The variables of the deployment in Dagster+, but for the secret, which is made by hand and kept nowhere here."""
    if made.sql_warehouse is None:
        return {}
    policy = {} if made.budget_policy is None else {_BUDGET_POLICY_ID: made.budget_policy.policy.policy_id}
    return {
        EnvironmentVariable.DATABRICKS_SERVER_HOSTNAME.value: made.sql_warehouse.hostname,
        EnvironmentVariable.DATABRICKS_HTTP_PATH.value: made.sql_warehouse.http_path,
        EnvironmentVariable.DATABRICKS_CLIENT_ID.value: made.grantees.names[Principal.PIPELINE],
        **policy,
    }
