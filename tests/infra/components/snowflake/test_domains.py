"""What a further domain adds to a deployment in Snowflake, and that it leaves all else as it was."""

from pathlib import Path

from platform_contract.domain import Engine
from platform_contract.domains import domains_on
from platform_infra.labels.labels import Labels
from platform_infra.snowflake.description import describe
from platform_infra.snowflake.plan import SnowflakePlan, snowflake_plan
from platform_infra.snowflake.settings import snowflake_settings

from tests.deployments import PROD
from tests.platform_domains import declared_domains

SETTINGS = {"edition": "standard", "cloud": "aws", "region": "r", "notify_users": ["ANNA"], "clone_production": "true"}


def plan() -> SnowflakePlan:
    owner = {"owner": Labels(PROD, "data", "1").owner, "cost_centre": "1"}
    return snowflake_plan(PROD, snowflake_settings(PROD, {**SETTINGS, **owner}, "p"), domains_on(Engine.SNOWFLAKE))


def schemas(of: SnowflakePlan) -> set[tuple[str, str, str | None]]:
    return {(database.name, one.name, one.stage) for database in of.databases for one in database.schemas}


def test_a_domain_has_schemas_a_stage_and_roles_of_its_own(tmp_path: Path) -> None:
    before = plan()
    with declared_domains(tmp_path, warehouses=["till"]):
        after = plan()
    assert schemas(after) - schemas(before) == {
        ("RAW", "TILL", "LANDING"),
        ("ANALYTICS", "TILL_BRONZE", None),
        ("ANALYTICS", "TILL_SILVER", None),
        ("ANALYTICS", "TILL_GOLD", None),
    }
    added = {one.id for one in after.database_roles} - {one.id for one in before.database_roles}
    assert ("RAW", "TILL_WRITE") in added
    assert ("ANALYTICS", "TILL_GOLD_READ") in added
    assert all(name.startswith("TILL") for _, name in added)
    transformer = next(one for one in after.account_roles if one.name == "TRANSFORMER")
    assert {role for role in transformer.database_roles if "TILL" in role[1]} == {
        ("RAW", "TILL_READ"),
        ("ANALYTICS", "TILL_BRONZE_WRITE"),
        ("ANALYTICS", "TILL_SILVER_WRITE"),
        ("ANALYTICS", "TILL_GOLD_WRITE"),
    }
    assert [one["name"] for one in describe(after)["warehouses"]] == [
        one["name"] for one in describe(before)["warehouses"]
    ]


def test_nothing_that_was_there_is_another(tmp_path: Path) -> None:
    before = plan()
    with declared_domains(tmp_path, warehouses=["till"]):
        after = plan()
    assert schemas(before) <= schemas(after)
    assert set(before.database_roles) <= set(after.database_roles)
    assert (before.warehouses, before.users) == (after.warehouses, after.users)
