"""What small programs give to whom, as the proof reads it; and what it refuses to read."""

from collections.abc import Callable

import pulumi
import pulumi_databricks as databricks
import pulumi_snowflake as snowflake
import pytest
from platform_infra.permissions.databricks_access import databricks_grants
from platform_infra.permissions.errors import UnreadableGrantError
from platform_infra.permissions.snowflake_access import snowflake_grants
from platform_infra.recording.imagined_cloud import imagined_cloud
from platform_infra.recording.recorder import run_program

type Declare = Callable[[pulumi.ResourceOptions], None]


def in_snowflake(declare: Declare, role: str = "SECURITYADMIN") -> set[str]:
    def program() -> None:
        declare(pulumi.ResourceOptions(provider=snowflake.Provider("provider", role=role)))

    return {str(grant.right) for grant in snowflake_grants(run_program(program, "small", "dev", {}), "dev")}


def in_databricks(declare: Declare, applied_by: str | None = None) -> set[str]:
    def program() -> None:
        provider = databricks.Provider("provider", host="https://workspace.example")
        declare(pulumi.ResourceOptions(provider=provider))

    recorded = run_program(program, "small", "dev", {}, imagined_cloud)
    return {str(grant.right) for grant in databricks_grants(recorded, "dev", applied_by)}


def database_role_read(options: pulumi.ResourceOptions) -> None:
    snowflake.GrantPrivilegesToDatabaseRole(
        "read",
        database_role_name='"DB"."GOLD_READ"',
        privileges=["SELECT"],
        on_schema_object={"future": {"object_type_plural": "TABLES", "in_schema": '"DB"."GOLD"'}},
        opts=options,
    )


def test_what_a_database_role_has_its_holders_have() -> None:
    def declare(options: pulumi.ResourceOptions) -> None:
        database_role_read(options)
        for role in ("ANALYST", "REPORTER"):
            snowflake.GrantDatabaseRole(
                role, database_role_name='"DB"."GOLD_READ"', parent_role_name=role, opts=options
            )

    assert in_snowflake(declare) == {
        "ANALYST: SELECT on TABLE DB.GOLD.*",
        "REPORTER: SELECT on TABLE DB.GOLD.*",
    }


def test_a_database_role_that_nobody_holds_speaks_for_itself() -> None:
    assert in_snowflake(database_role_read) == {"DB.GOLD_READ: SELECT on TABLE DB.GOLD.*"}


def test_passing_a_privilege_on_is_a_right_of_its_own() -> None:
    def declare(options: pulumi.ResourceOptions) -> None:
        snowflake.GrantPrivilegesToAccountRole(
            "pass",
            account_role_name="ADMIN",
            privileges=["USAGE"],
            on_account_object={"object_type": "WAREHOUSE", "object_name": "BIG"},
            with_grant_option=True,
            opts=options,
        )

    assert in_snowflake(declare) == {
        "ADMIN: USAGE on WAREHOUSE BIG",
        "ADMIN: USAGE (may grant it) on WAREHOUSE BIG",
    }


def test_who_makes_a_role_or_database_owns_it_and_system_roles_go_without_saying() -> None:
    def declare(options: pulumi.ResourceOptions) -> None:
        snowflake.AccountRole("role", name="READER", opts=options)
        snowflake.Database("database", name="DB", opts=options)

    assert in_snowflake(declare, "PR_ADMIN") == {
        "PR_ADMIN: OWNERSHIP on ROLE READER",
        "PR_ADMIN: OWNERSHIP on DATABASE DB",
    }
    assert in_snowflake(declare, "SYSADMIN") == set()


def unknown_kind(options: pulumi.ResourceOptions) -> None:
    snowflake.GrantOwnership(
        "take", account_role_name="ANALYST", on={"object_type": "DATABASE", "object_name": "DB"}, opts=options
    )


def all_privileges(options: pulumi.ResourceOptions) -> None:
    snowflake.GrantPrivilegesToAccountRole(
        "all", account_role_name="ANALYST", all_privileges=True, on_account=True, opts=options
    )


def future_in_a_database(options: pulumi.ResourceOptions) -> None:
    snowflake.GrantPrivilegesToAccountRole(
        "wide",
        account_role_name="ANALYST",
        privileges=["SELECT"],
        on_schema_object={"future": {"object_type_plural": "TABLES", "in_database": "DB"}},
        opts=options,
    )


def nested_database_role(options: pulumi.ResourceOptions) -> None:
    snowflake.GrantDatabaseRole(
        "nested", database_role_name='"DB"."A"', parent_database_role_name='"DB"."B"', opts=options
    )


@pytest.mark.parametrize("declare", [unknown_kind, all_privileges, future_in_a_database, nested_database_role])
def test_what_the_proof_cannot_read_in_snowflake_it_refuses(declare: Declare) -> None:
    with pytest.raises(UnreadableGrantError):
        in_snowflake(declare)


def test_groups_principals_and_compute_by_their_names() -> None:
    def declare(options: pulumi.ResourceOptions) -> None:
        group = databricks.Group("pipelines", display_name="platform_pipelines", opts=options)
        principal = databricks.ServicePrincipal("pipeline", display_name="platform_pipeline", opts=options)
        databricks.GroupMember("member", group_id=group.id, member_id=principal.id, opts=options)
        warehouse = databricks.SqlEndpoint("sql", name="platform_sql", cluster_size="Small", opts=options)
        databricks.Permissions(
            "use",
            sql_endpoint_id=warehouse.id,
            access_controls=[{"service_principal_name": principal.application_id, "permission_level": "CAN_USE"}],
            opts=options,
        )
        databricks.MwsPermissionAssignment(
            "resident", workspace_id="11", principal_id=group.id, permissions=["USER"], opts=options
        )

    assert in_databricks(declare) == {
        "platform_pipeline: MEMBERSHIP on GROUP platform_pipelines",
        "platform_pipeline: CAN_USE on SQL WAREHOUSE platform_sql",
        "platform_pipelines: USER on WORKSPACE 11",
    }


def test_who_may_use_a_budget_policy_is_read_off_the_accounts_own_rules() -> None:
    def declare(options: pulumi.ResourceOptions) -> None:
        principal = databricks.ServicePrincipal("ci", display_name="platform_ci_dev", opts=options)
        policy = databricks.BudgetPolicy("serverless", policy_name="platform_serverless_dev", opts=options)
        databricks.AccessControlRuleSet(
            "serverless",
            name=policy.policy_id.apply(lambda made: f"accounts/a/budgetPolicies/{made}/ruleSets/default"),
            grant_rules=[
                {
                    "role": "roles/budgetPolicy.user",
                    "principals": [
                        "groups/platform_pipelines_dev",
                        pulumi.Output.concat("servicePrincipals/", principal.application_id),
                    ],
                }
            ],
            opts=options,
        )

    assert in_databricks(declare) == {
        "platform_ci_dev: roles/budgetPolicy.user on BUDGET POLICY platform_serverless_dev",
        "platform_pipelines_dev: roles/budgetPolicy.user on BUDGET POLICY platform_serverless_dev",
    }


def test_a_privilege_on_a_schema_holds_for_what_is_in_it() -> None:
    def declare(options: pulumi.ResourceOptions) -> None:
        databricks.Grants(
            "gold",
            schema="platform.gold",
            grants=[{"principal": "analysts", "privileges": ["USE_SCHEMA", "SELECT", "READ_VOLUME"]}],
            opts=options,
        )

    assert in_databricks(declare) == {
        "analysts: USE_SCHEMA on SCHEMA platform.gold",
        "analysts: SELECT on TABLE platform.gold.*",
        "analysts: READ_VOLUME on VOLUME platform.gold.*",
    }


def test_who_applies_a_pull_requests_stack_owns_its_catalog() -> None:
    def declare(options: pulumi.ResourceOptions) -> None:
        databricks.Catalog("catalog", name="platform_pr_7", opts=options)

    assert in_databricks(declare, "platform_ci") == {"platform_ci: OWNERSHIP on CATALOG platform_pr_7"}
    assert in_databricks(declare) == set()


def rights_on_a_notebook(options: pulumi.ResourceOptions) -> None:
    databricks.Permissions(
        "notebook",
        notebook_path="/all",
        access_controls=[{"group_name": "users", "permission_level": "CAN_READ"}],
        opts=options,
    )


def grant_on_a_function(options: pulumi.ResourceOptions) -> None:
    databricks.Grant("function", function="platform.gold.f", principal="analysts", privileges=["EXECUTE"], opts=options)


def rules_of_an_account(options: pulumi.ResourceOptions) -> None:
    databricks.AccessControlRuleSet(
        "account",
        name="accounts/a/ruleSets/default",
        grant_rules=[{"role": "roles/group.manager", "principals": ["groups/analysts"]}],
        opts=options,
    )


@pytest.mark.parametrize("declare", [rights_on_a_notebook, grant_on_a_function, rules_of_an_account])
def test_what_the_proof_cannot_read_in_databricks_it_refuses(declare: Declare) -> None:
    with pytest.raises(UnreadableGrantError):
        in_databricks(declare)
