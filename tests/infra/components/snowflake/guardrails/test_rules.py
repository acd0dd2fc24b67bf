"""Each rule, broken by a program that adds one bad resource to the real ones."""

from collections.abc import Callable, Mapping
from typing import Any

import pulumi
import pulumi_snowflake as snowflake
import pytest
from platform_contract.deployment import parse_deployment
from platform_infra.guardrails.guarded_program import run_guarded
from platform_infra.guardrails.guardrail import GuardrailError
from platform_infra.snowflake.guardrails.rules import snowflake_guardrails

from tests.fakes.pulumi_mocks.recorder import run_program

Declare = Callable[[], object]


def refusal(stack: str, declare: Declare) -> str:
    def declared() -> Mapping[str, Any]:
        declare()
        return {}

    with pytest.raises(GuardrailError) as refused:
        run_program(lambda: run_guarded(declared, snowflake_guardrails(parse_deployment(stack))), "shop", stack, {})
    return str(refused.value)


def future(**where: str) -> dict[str, Any]:
    return {"future": {"object_type_plural": "TABLES", **where}}


def database_grant(name: str = "bad", **inputs: Any) -> object:  # noqa: ANN401 - whatever the provider takes
    given = {"privileges": ["SELECT"], **inputs}
    return snowflake.GrantPrivilegesToDatabaseRole(name, database_role_name="RAW_PR_7.SHOP_READ", **given)


def account_grant(role: str, **inputs: Any) -> object:  # noqa: ANN401 - whatever the provider takes
    return snowflake.GrantPrivilegesToAccountRole("bad", account_role_name=role, **inputs)


def on_warehouse(name: str) -> dict[str, str]:
    return {"object_type": "WAREHOUSE", "object_name": name}


ANYWHERE: list[tuple[Declare, str]] = [
    (lambda: snowflake.Warehouse("bad", auto_suspend=60), "Warehouse 'bad': has no resource monitor"),
    (lambda: snowflake.Warehouse("bad", resource_monitor="M"), "Warehouse 'bad': does not suspend itself"),
    (
        lambda: snowflake.Warehouse("bad", resource_monitor="M", auto_suspend=0),
        "Warehouse 'bad': does not suspend itself",
    ),
    (
        lambda: snowflake.ResourceMonitor("bad", notify_triggers=[50], suspend_trigger=95),
        "ResourceMonitor 'bad': has no credit quota",
    ),
    (
        lambda: snowflake.ResourceMonitor("bad", credit_quota=5, notify_triggers=[50]),
        "ResourceMonitor 'bad': suspends nothing",
    ),
    (
        lambda: snowflake.ResourceMonitor("bad", credit_quota=5, suspend_trigger=95),
        "ResourceMonitor 'bad': tells nobody",
    ),
    (lambda: account_grant("public", privileges=["USAGE"], on_account_object=on_warehouse("W")), "grant to PUBLIC"),
    (lambda: snowflake.GrantAccountRole("bad", role_name="LOADER", parent_role_name='"PUBLIC"'), "grant to PUBLIC"),
    (
        lambda: snowflake.GrantDatabaseRole("bad", database_role_name="RAW.R", parent_role_name="PUBLIC"),
        "grant to PUBLIC",
    ),
    (lambda: account_grant("LOADER", all_privileges=True, on_account=True), "grants ALL PRIVILEGES"),
    (lambda: account_grant("LOADER", privileges=["manage grants"], on_account=True), "grants manage grants, which"),
    (lambda: database_grant(privileges=["SELCT"], on_database="RAW"), "grants SELCT, which"),
    (
        lambda: snowflake.GrantAccountRole("bad", role_name="ACCOUNTADMIN", user_name="DAGSTER"),
        "GrantAccountRole 'bad': hands out ACCOUNTADMIN",
    ),
    (
        lambda: snowflake.GrantOwnership(
            "bad", account_role_name="LOADER", on={"object_type": "DATABASE", "object_name": "RAW"}
        ),
        "GrantOwnership 'bad': hands over ownership",
    ),
    (
        lambda: (
            database_grant("bad", on_schema_object=future(in_database="RAW")),
            database_grant("good", on_schema_object=future(in_schema="RAW.SHOP")),
        ),
        "'bad': is a future grant on a whole database",
    ),
    (
        lambda: database_grant(privileges=["USAGE"], on_schema={"future_schemas_in_database": "RAW"}),
        "'bad': is a future grant on a whole database",
    ),
    (
        lambda: snowflake.Schema("bad", database="RAW", is_transient="true", data_retention_time_in_days=2),
        "Schema 'bad': is transient and cannot keep 2 days",
    ),
    (
        lambda: snowflake.Database("bad", is_transient=True, data_retention_time_in_days=30),
        "Database 'bad': is transient and cannot keep 30 days",
    ),
    (
        lambda: snowflake.Schema(
            "bad",
            database=snowflake.Database("RAW", name="RAW", is_transient=True).name,
            data_retention_time_in_days=7,
        ),
        "Schema 'bad': is transient and cannot keep 7 days",
    ),
    (
        lambda: snowflake.Provider("bad", role="SYSADMIN", private_key="hunter2"),
        "snowflake 'bad': the input(s) private_key would be stored in state",
    ),
]


@pytest.mark.parametrize(("declare", "said"), ANYWHERE)
def test_every_stack_refuses_it_naming_the_resource_and_the_fix(declare: Declare, said: str) -> None:
    refused = refusal("dev", declare)
    assert said in refused
    assert "Fix: " in refused
    assert "hunter2" not in refused
    assert "'good'" not in refused


@pytest.mark.parametrize(
    "declare",
    [
        lambda: snowflake.Database("bad", name="RAW"),
        lambda: snowflake.Schema("bad", database="RAW"),
        lambda: snowflake.StageInternal("bad", database="RAW", schema="SHOP"),
    ],
)
def test_prod_refuses_what_holds_data_and_is_not_protected(declare: Declare) -> None:
    assert "'bad': holds data in prod and is not protected. Fix: declare it with protect=True" in refusal(
        "prod", declare
    )


OUTSIDE: list[tuple[Declare, str]] = [
    (lambda: snowflake.Database("bad", name="RAW"), "name names RAW, which is not of stack pr-7"),
    (lambda: snowflake.Database("bad", name="RAW_PR_17"), "name names RAW_PR_17"),
    (lambda: snowflake.Database("bad", name="RAW_PR_7_"), "name names RAW_PR_7_"),
    (lambda: snowflake.AccountRole("bad", name="LOADER_DEV"), "name names LOADER_DEV"),
    (lambda: snowflake.Schema("bad", database="ANALYTICS", name="X_PR_7"), "database names ANALYTICS"),
    (lambda: snowflake.StageInternal("bad", database="RAW", schema="SHOP"), "database names RAW"),
    (lambda: snowflake.DatabaseRole("bad", database="RAW"), "database names RAW"),
    (lambda: database_grant(on_database="RAW"), "on_database names RAW"),
    (lambda: database_grant(on_schema={"schema_name": "RAW.SHOP"}), "schema_name names RAW.SHOP"),
    (lambda: database_grant(on_schema_object=future(in_schema='"RAW"."X_PR_7"')), "in_schema names"),
    (
        lambda: account_grant("L_PR_7", privileges=["USAGE"], on_account_object=on_warehouse("LOADING")),
        "object_name names LOADING",
    ),
    (
        lambda: account_grant("TRANSFORMER", privileges=["USAGE"], on_account_object=on_warehouse("CI_DEV")),
        "account_role_name names TRANSFORMER",
    ),
    (
        lambda: account_grant("L_PR_7", privileges=["CREATE DATABASE"], on_account=True),
        "on_account reaches the whole account",
    ),
    (
        lambda: snowflake.GrantAccountRole("bad", role_name="TRANSFORMER", parent_role_name="T_PR_7"),
        "role_name names TRANSFORMER",
    ),
    (
        lambda: snowflake.GrantAccountRole("bad", role_name="T_PR_7", parent_role_name="SYSADMIN"),
        "parent_role_name names SYSADMIN",
    ),
    (
        lambda: snowflake.GrantAccountRole("bad", role_name="CLONE_READER", user_name="SOMEBODY"),
        "user_name names SOMEBODY",
    ),
    (
        lambda: snowflake.GrantDatabaseRole("bad", database_role_name="RAW.R", parent_role_name="T_PR_7"),
        "database_role_name names RAW.R",
    ),
    (lambda: snowflake.Warehouse("bad", name="W_PR_7"), "is of a type that pull requests do not have"),
    (lambda: snowflake.ServiceUser("bad", name="U_PR_7"), "is of a type that pull requests do not have"),
    (lambda: snowflake.Execute("bad", execute="x", revert="y"), "is of a type that pull requests do not have"),
]


@pytest.mark.parametrize(("declare", "said"), OUTSIDE)
def test_a_pull_request_names_nothing_outside_its_suffix(declare: Declare, said: str) -> None:
    refused = refusal("pr-7", declare)
    assert "'bad'" in refused
    assert said in refused


def test_a_name_that_preview_cannot_know_is_refused_in_a_pull_request() -> None:
    def declare() -> None:
        schema = snowflake.Schema("good", database="RAW_PR_7", name="SHOP")
        database_grant(on_schema={"schema_name": schema.fully_qualified_name})

    assert "schema_name is not known at preview. Fix: pass a name" in refusal("pr-7", declare)


def test_what_a_pull_request_may_name_outside_is_nothing_that_it_changes() -> None:
    def declare() -> Mapping[str, Any]:
        snowflake.GrantAccountRole("clone", role_name="CLONE_READER", parent_role_name="T_PR_7")
        snowflake.GrantAccountRole("below", role_name="T_PR_7", parent_role_name="PR_ADMIN_DEV")
        account_grant("T_PR_7", privileges=["USAGE"], on_account_object=on_warehouse("CI_DEV"))
        pulumi.export("declared", 3)
        return {}

    rules = snowflake_guardrails(parse_deployment("pr-7"))
    assert run_program(lambda: run_guarded(declare, rules), "shop", "pr-7", {}).outputs == {"declared": 3}
