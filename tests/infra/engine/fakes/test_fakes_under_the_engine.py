"""Small programs on the fakes, run by the real engine: what only the two of them together show."""

from collections.abc import Callable

import pulumi
import pytest

from tests.fakes.pulumi_provider.call_log import Operation
from tests.fakes.pulumi_provider.databricks.databricks_cloud import DatabricksCloud
from tests.fakes.pulumi_provider.databricks.identity import SECRET_MARK
from tests.fakes.pulumi_provider.databricks.tokens import SERVICE_PRINCIPAL, SERVICE_PRINCIPAL_SECRET, SQL_ENDPOINT
from tests.fakes.pulumi_provider.snowflake.snowflake_cloud import SnowflakeCloud
from tests.fakes.pulumi_provider.snowflake.tokens import (
    ACCOUNT_ROLE,
    DATABASE,
    GRANT_TO_ACCOUNT_ROLE,
    SCHEMA,
    SERVICE_USER,
    STAGE_INTERNAL,
    WAREHOUSE,
)
from tests.infra.engine.harness.inline_stack import Declared, InlineStack

pytestmark = [pytest.mark.engine, pytest.mark.slow]


def as_role(role: str) -> pulumi.ResourceOptions:
    """Options of a resource that acts with a role, through a provider of its own."""
    return pulumi.ResourceOptions(provider=pulumi.ProviderResource("snowflake", role.lower(), {"role": role}))


def merged(one: pulumi.ResourceOptions, other: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    return pulumi.ResourceOptions.merge(one, other)


def shop(transient: str) -> Callable[[], None]:
    """Database RAW, schema SHOP in it, stage LANDING in that."""

    def program() -> None:
        sysadmin = as_role("SYSADMIN")
        database = Declared(DATABASE, "raw", {"name": "RAW"}, sysadmin)
        schema = Declared(
            SCHEMA, "shop", {"name": "SHOP", "database": database.name, "isTransient": transient}, sysadmin
        )
        place = {"database": database.name, "schema": schema.name}
        Declared(STAGE_INTERNAL, "landing", {"name": "LANDING", **place}, sysadmin)

    return program


def test_a_bad_argument_is_refused_at_preview_and_never_reaches_the_cloud(
    stack: InlineStack, snowflake: SnowflakeCloud
) -> None:
    def program() -> None:
        Declared(WAREHOUSE, "w", {"name": "W", "warehouseSize": "HUGE", "autoSuspendd": 60}, as_role("SYSADMIN"))

    stack.preview(program, refresh=False).refused("unknown property: did you mean autoSuspend?")

    assert snowflake.calls == []


def test_each_provider_acts_with_its_own_role(stack: InlineStack, snowflake: SnowflakeCloud) -> None:
    def program() -> None:
        Declared(DATABASE, "d", {"name": "D"}, as_role("SYSADMIN"))
        Declared(ACCOUNT_ROLE, "r", {"name": "R"}, as_role("SECURITYADMIN"))
        Declared(SERVICE_USER, "u", {"name": "U"}, as_role("USERADMIN"))

    stack.up(program, refresh=False).succeeded()

    assert {call.name: call.owner for call in snowflake.changes()} == {
        "d": "SYSADMIN",
        "r": "SECURITYADMIN",
        "u": "USERADMIN",
    }


def test_a_role_without_the_right_passes_preview_and_fails_in_the_cloud(
    stack: InlineStack, snowflake: SnowflakeCloud
) -> None:
    def program() -> None:
        Declared(DATABASE, "d", {"name": "D"}, as_role("USERADMIN"))

    assert stack.preview(program, refresh=False).did("create") == ["inline-dev", "useradmin", "d"]

    stack.up(program, refresh=False).refused("USERADMIN lacks CREATE DATABASE")
    assert snowflake.changes() == []


def test_signing_in_with_a_role_that_does_not_exist_fails_at_preview(stack: InlineStack) -> None:
    def program() -> None:
        Declared(DATABASE, "d", {"name": "D"}, as_role("GHOST"))

    stack.preview(program, refresh=False).refused("role 'GHOST' specified in the connect string does not exist")


def test_parents_are_looked_up_when_applied(stack: InlineStack) -> None:
    def program() -> None:
        Declared(SCHEMA, "s", {"name": "S", "database": "NOWHERE"}, as_role("SYSADMIN"))

    stack.up(program, refresh=False).refused("Database NOWHERE does not exist or not authorized")


def test_up_again_changes_nothing_drift_is_seen_and_repaired_destroy_leaves_nothing(
    stack: InlineStack, snowflake: SnowflakeCloud
) -> None:
    program = shop(transient="false")
    stack.up(program, refresh=False).succeeded()
    assert stack.up(program, refresh=False).changed == {}

    # One change to what the program says, one to what it leaves to the cloud, and one thing gone.
    snowflake.tamper(SCHEMA, '"RAW"."SHOP"', {"isTransient": "false", "withManagedAccess": "true"})
    snowflake.tamper(DATABASE, '"RAW"', {"dataRetentionTimeInDays": 0})
    snowflake.account.store.drop_stage("RAW", "SHOP", "LANDING")
    seen = stack.preview(program, refresh=True)
    assert set(seen.did("update")) == {"raw", "shop"}
    assert seen.did("create") == ["landing"]

    stack.up(program, refresh=True).succeeded()
    assert snowflake.account.require_schema("RAW.SHOP").attributes["withManagedAccess"] == "false"
    assert snowflake.account.store.has_stage("RAW", "SHOP", "LANDING")

    stack.destroy().succeeded()
    assert snowflake.inventory.everything() == []


def test_a_replaced_schema_takes_its_stage_along_in_order(stack: InlineStack, snowflake: SnowflakeCloud) -> None:
    stack.up(shop(transient="false"), refresh=False).succeeded()
    before = len(snowflake.changes())

    stack.up(shop(transient="true"), refresh=False).succeeded()

    assert [(call.operation, call.name) for call in snowflake.changes()[before:]] == [
        (Operation.DELETE, "landing"),
        (Operation.DELETE, "shop"),
        (Operation.CREATE, "shop"),
        (Operation.CREATE, "landing"),
    ]


def test_a_replaced_grant_is_there_before_the_old_one_goes(stack: InlineStack, snowflake: SnowflakeCloud) -> None:
    def granting(target: str) -> Callable[[], None]:
        def program() -> None:
            sysadmin, security = as_role("SYSADMIN"), as_role("SECURITYADMIN")
            warehouses = [Declared(WAREHOUSE, name, {"name": name}, sysadmin) for name in ("ONE", "TWO")]
            role = Declared(ACCOUNT_ROLE, "reader", {"name": "READER"}, security)
            usage = {"privileges": ["USAGE"], "accountRoleName": role.name}
            on = {"onAccountObject": {"objectType": "WAREHOUSE", "objectName": target}}
            Declared(
                GRANT_TO_ACCOUNT_ROLE,
                "usage",
                {**usage, **on},
                merged(security, pulumi.ResourceOptions(depends_on=warehouses)),
            )

        return program

    stack.up(granting("ONE"), refresh=False).succeeded()
    before = len(snowflake.changes())

    stack.up(granting("TWO"), refresh=False).succeeded()

    done = [(call.operation, call.name) for call in snowflake.changes()[before:]]
    assert done == [(Operation.CREATE, "usage"), (Operation.DELETE, "usage")]


def test_a_grant_without_effect_is_mended_by_the_role_that_can_and_not_replaced(
    stack: InlineStack, snowflake: SnowflakeCloud
) -> None:
    def granting(grantor: str) -> Callable[[], None]:
        def program() -> None:
            role = Declared(ACCOUNT_ROLE, "admin", {"name": "ADMIN"}, as_role("USERADMIN"))
            on_account = {"privileges": ["CREATE DATABASE", "CREATE ROLE"], "onAccount": True}
            Declared(GRANT_TO_ACCOUNT_ROLE, "account", {"accountRoleName": role.name, **on_account}, as_role(grantor))

        return program

    stack.up(granting("SECURITYADMIN"), refresh=False).succeeded()
    assert not snowflake.account.holds("ADMIN", "CREATE DATABASE")

    mended = stack.up(granting("ACCOUNTADMIN"), refresh=False).succeeded()

    assert mended.did("update") == ["account"]
    assert not mended.did("replace", "create-replacement", "delete-replaced")
    assert snowflake.account.holds("ADMIN", "CREATE DATABASE")
    assert stack.preview(granting("ACCOUNTADMIN"), refresh=True).changed == {}


@pytest.mark.parametrize("change", [1, 3])
def test_after_a_failure_half_way_a_second_up_finishes(
    stack: InlineStack, snowflake: SnowflakeCloud, change: int
) -> None:
    program = shop(transient="false")
    snowflake.faults.fail_at(change)
    stack.up(program, refresh=False).refused("503 service unavailable")
    assert len(snowflake.changes()) == change - 1

    stack.up(program, refresh=False).succeeded()

    assert len(snowflake.inventory.everything()) == 3
    assert stack.preview(program, refresh=True).changed == {}


def test_what_exists_already_is_adopted_without_change(stack: InlineStack, snowflake: SnowflakeCloud) -> None:
    admin = snowflake.sign_in({"role": "SYSADMIN"})
    snowflake.plant(admin, DATABASE, {"name": "RAW", "comment": "made by hand", "dataRetentionTimeInDays": 0})

    def program() -> None:
        known = {"name": "RAW", "comment": "made by hand", "dataRetentionTimeInDays": 0}
        Declared(DATABASE, "raw", known, merged(as_role("SYSADMIN"), pulumi.ResourceOptions(import_='"RAW"')))

    assert stack.up(program, refresh=False).did("import") == ["raw"]

    assert snowflake.changes() == []
    assert stack.preview(program, refresh=True).changed == {}


def test_what_exists_otherwise_is_not_replaced_by_adopting_it(stack: InlineStack, snowflake: SnowflakeCloud) -> None:
    snowflake.plant(snowflake.sign_in({"role": "SYSADMIN"}), DATABASE, {"name": "RAW", "isTransient": True})

    def program() -> None:
        Declared(DATABASE, "raw", {"name": "RAW"}, merged(as_role("SYSADMIN"), pulumi.ResourceOptions(import_='"RAW"')))

    stack.up(program, refresh=False).refused("may not be replaced")

    assert snowflake.changes() == []


def test_what_is_protected_survives_destroy(stack: InlineStack, snowflake: SnowflakeCloud) -> None:
    def program() -> None:
        Declared(DATABASE, "raw", {"name": "RAW"}, merged(as_role("SYSADMIN"), pulumi.ResourceOptions(protect=True)))

    stack.up(program, refresh=False).succeeded()

    stack.destroy().refused("cannot be deleted")
    assert snowflake.account.store.has_database("RAW")


def test_secrets_reach_the_cloud_and_stay_out_of_the_state(
    stack: InlineStack, snowflake: SnowflakeCloud, databricks: DatabricksCloud
) -> None:
    def program() -> None:
        Declared(
            SERVICE_USER, "u", {"name": "U", "comment": pulumi.Output.secret("s3cret-comment")}, as_role("USERADMIN")
        )
        account = pulumi.ProviderResource(
            "databricks", "account", {"host": "https://accounts.example", "accountId": "a"}
        )
        options = pulumi.ResourceOptions(provider=account)
        principal = Declared(SERVICE_PRINCIPAL, "p", {"displayName": "pipeline"}, options)
        secret = Declared(
            SERVICE_PRINCIPAL_SECRET, "secret", {"servicePrincipalId": principal.id, "secret": None}, options
        )
        pulumi.export("secret", secret.secret)

    stack.up(program, refresh=False).succeeded()

    assert stack.outputs()["secret"].startswith(SECRET_MARK)
    assert snowflake.account.require(SERVICE_USER, "U").attributes["comment"] == "s3cret-comment"
    assert SECRET_MARK not in stack.cli.stored()
    assert "s3cret-comment" not in stack.cli.stored()


def test_a_data_source_finds_what_exists(stack: InlineStack, databricks: DatabricksCloud) -> None:
    databricks.plant(
        databricks.sign_in({"host": "https://accounts.example", "accountId": "a"}),
        "databricks:index/group:Group",
        {"displayName": "engineers"},
    )

    def program() -> None:
        workspace = pulumi.ProviderResource("databricks", "workspace", {"host": "https://workspace.example"})
        found = pulumi.runtime.invoke(
            "databricks:index/getGroup:getGroup",
            {"displayName": "engineers"},
            pulumi.InvokeOptions(provider=workspace),
        )
        pulumi.export("group", found.value["aclPrincipalId"])

    stack.up(program, refresh=False).succeeded()
    assert stack.outputs()["group"] == "groups/engineers"


@pytest.mark.parametrize(("stated", "patience"), [("5m", 300), ("30m", 1200), (None, 1200)])
def test_a_declared_time_out_reaches_the_provider_which_waits_no_longer(
    stack: InlineStack, databricks: DatabricksCloud, stated: str | None, patience: int
) -> None:
    databricks.account.warehouse_start = patience + 1

    def program() -> None:
        workspace = pulumi.ProviderResource("databricks", "workspace", {"host": "https://workspace.example"})
        timeouts = None if stated is None else pulumi.CustomTimeouts(create=stated)
        options = pulumi.ResourceOptions(provider=workspace, custom_timeouts=timeouts)
        Declared(SQL_ENDPOINT, "sql", {"name": "sql", "clusterSize": "Small"}, options)

    stack.up(program, refresh=False).refused(f"failed waiting for warehouse to start: timed out after {patience} s")
    databricks.account.warehouse_start = patience
    stack.up(program, refresh=False).succeeded()
