import os
from collections.abc import Mapping
from typing import Any

import pulumi
from platform_contract.dbt_environment import snowflake_environment
from platform_contract.domain import Engine
from platform_contract.domains import domains_on
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.snowflake_names import SnowflakeNames

from platform_infra.guardrails.guarded_program import run_guarded
from platform_infra.snowflake.admin_providers import admin_providers
from platform_infra.snowflake.description import describe
from platform_infra.snowflake.guardrails.rules import snowflake_guardrails
from platform_infra.snowflake.next_steps import next_steps
from platform_infra.snowflake.plan import SnowflakePlan, snowflake_plan
from platform_infra.snowflake.platform import SnowflakePlatform
from platform_infra.snowflake.settings import snowflake_settings
from platform_infra.stack_settings.stack_config import stack_config
from platform_infra.stack_settings.stack_deployment import cloud_deployment


def snowflake_program() -> None:
    """Declare the Snowflake side of the stack that Pulumi runs, under its guardrails.

    Raises:
        StackSettingsError: for a stack that is no deployment, or settings that are wrong.
        GuardrailError: (from the engine's run) when something declared breaks a rule.
    """
    deployment = cloud_deployment(pulumi.get_stack())
    project = pulumi.get_project()
    settings = snowflake_settings(deployment, stack_config(project), project)
    plan = snowflake_plan(deployment, settings, domains_on(Engine.SNOWFLAKE))

    def declare() -> Mapping[str, Any]:
        SnowflakePlatform("snowflake", plan, admin_providers(plan, _looks_only(os.environ)), None)
        return _outputs(plan)

    run_guarded(declare, snowflake_guardrails(deployment))


def _looks_only(environ: Mapping[str, str]) -> bool:
    return environ.get(EnvironmentVariable.PLATFORM_LOOK_ONLY) == "true"


def _outputs(plan: SnowflakePlan) -> dict[str, Any]:
    """What a person or a later command needs; nothing here is a secret, for the program is given none."""
    expiry = plan.settings.expiry(plan.deployment)
    return {
        "environment": snowflake_environment(SnowflakeNames(plan.deployment)),
        "next_steps": next_steps(plan),
        "platform": describe(plan),
        **({} if expiry is None else {"expiry": expiry}),
    }
