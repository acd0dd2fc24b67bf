import pytest
from platform_contract.domain import Engine
from platform_contract.domains import domains_on
from platform_infra.labels.labels import Labels
from platform_infra.snowflake.admin_providers import admin_providers
from platform_infra.snowflake.arguments import ArgumentError
from platform_infra.snowflake.database import Database
from platform_infra.snowflake.database_role import DatabaseRole
from platform_infra.snowflake.plan import snowflake_plan
from platform_infra.snowflake.settings import snowflake_settings

from tests.deployments import DEV
from tests.fakes.pulumi_mocks.recorder import run_program

SETTINGS = {"edition": "standard", "cloud": "aws", "region": "r", "clone_production": "false"}


def test_a_database_role_cannot_have_privileges_in_another_database() -> None:
    owner = {"owner": Labels(DEV, "data", "1").owner, "cost_centre": "1"}
    plan = snowflake_plan(DEV, snowflake_settings(DEV, {**SETTINGS, **owner}, "shop"), domains_on(Engine.SNOWFLAKE))

    def program() -> None:
        providers = admin_providers(plan, look_only=False)
        raw, _ = (Database(args.name, args, providers, None) for args in plan.databases)
        of_analytics = plan.database_roles[-1]
        DatabaseRole("stray", of_analytics, raw, providers, raw)

    with pytest.raises(ArgumentError, match=r"database role ANALYTICS_DEV\.\w*GOLD_WRITE cannot .* in RAW_DEV"):
        run_program(program, "shop", "dev", {})
