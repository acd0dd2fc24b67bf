"""What a Snowflake account allows to whom, and what it refuses when something is applied."""

import base64
from dataclasses import replace
from typing import Any

import pytest

from tests.fakes.pulumi_provider.refusal import CloudError
from tests.fakes.pulumi_provider.snowflake.account import Edition
from tests.fakes.pulumi_provider.snowflake.deployer import Deployer
from tests.fakes.pulumi_provider.snowflake.snowflake_cloud import SnowflakeCloud
from tests.fakes.pulumi_provider.snowflake.store import MemorySnowflakeStore
from tests.fakes.pulumi_provider.snowflake.tokens import (
    ACCOUNT_ROLE,
    DATABASE,
    DATABASE_ROLE,
    GRANT_ACCOUNT_ROLE,
    GRANT_DATABASE_ROLE,
    GRANT_TO_ACCOUNT_ROLE,
    GRANT_TO_DATABASE_ROLE,
    NETWORK_POLICY,
    RESOURCE_MONITOR,
    SCHEMA,
    SERVICE_USER,
    STAGE_INTERNAL,
    TAG,
    TAG_ASSOCIATION,
    WAREHOUSE,
)
from tests.infra.engine.harness.admin import Admin

PUBLIC_KEY = base64.b64encode(bytes([0x30]) + bytes(293)).decode()


class Account(Admin[str]):
    """A fake account; its admin acts with the role that each call names, which it is granted for that."""

    def __init__(self, edition: Edition) -> None:
        self.store = MemorySnowflakeStore()
        self.cloud = SnowflakeCloud(edition, self.store)
        super().__init__(self.cloud, self._as)

    def _as(self, role: str) -> dict[str, str]:
        deployer = self.cloud.deployer
        self.cloud.deployer = replace(deployer, roles=deployer.roles | {role})
        return {"role": role}

    def work_on(self, warehouse: str | None) -> None:
        """Let the sessions from now on have this warehouse."""
        self.cloud.deployer = replace(self.cloud.deployer, warehouse=warehouse)


@pytest.fixture
def account() -> Account:
    return Account(Edition.ENTERPRISE)


@pytest.fixture
def furnished(account: Account) -> Account:
    """An account with database D, managed schema D.S, ordinary schema D.OPEN, database role D.R, role LOADER."""
    account.create("SYSADMIN", DATABASE, name="D")
    account.create("SYSADMIN", SCHEMA, name="S", database="D", withManagedAccess="true")
    account.create("SYSADMIN", SCHEMA, name="OPEN", database="D")
    account.create("SYSADMIN", DATABASE_ROLE, name="R", database="D")
    account.create("SECURITYADMIN", ACCOUNT_ROLE, name="LOADER")
    return account


@pytest.mark.parametrize(
    ("token", "inputs", "allowed"),
    [
        (DATABASE, {"name": "NEW"}, {"SYSADMIN", "ACCOUNTADMIN"}),
        (WAREHOUSE, {"name": "NEW"}, {"SYSADMIN", "ACCOUNTADMIN"}),
        (SCHEMA, {"name": "NEW", "database": "D"}, {"SYSADMIN", "ACCOUNTADMIN"}),
        (STAGE_INTERNAL, {"name": "NEW", "database": "D", "schema": "S"}, {"SYSADMIN", "ACCOUNTADMIN"}),
        (DATABASE_ROLE, {"name": "NEW", "database": "D"}, {"SYSADMIN", "ACCOUNTADMIN"}),
        (ACCOUNT_ROLE, {"name": "NEW"}, {"USERADMIN", "SECURITYADMIN", "ACCOUNTADMIN"}),
        (SERVICE_USER, {"name": "NEW"}, {"USERADMIN", "SECURITYADMIN", "ACCOUNTADMIN"}),
        (NETWORK_POLICY, {"name": "NEW"}, {"SECURITYADMIN", "ACCOUNTADMIN"}),
        (RESOURCE_MONITOR, {"name": "NEW"}, {"ACCOUNTADMIN"}),
        (
            GRANT_ACCOUNT_ROLE,
            {"roleName": "LOADER", "parentRoleName": "SYSADMIN"},
            {"SECURITYADMIN", "ACCOUNTADMIN"},
        ),
        (
            GRANT_DATABASE_ROLE,
            {"databaseRoleName": "D.R", "parentRoleName": "LOADER"},
            {"SYSADMIN", "SECURITYADMIN", "ACCOUNTADMIN"},
        ),
        (
            GRANT_TO_ACCOUNT_ROLE,
            {"accountRoleName": "LOADER", "privileges": ["CREATE ROLE"], "onAccount": True},
            {"SECURITYADMIN", "ACCOUNTADMIN"},
        ),
        (
            GRANT_TO_DATABASE_ROLE,
            {
                "databaseRoleName": "D.R",
                "privileges": ["SELECT"],
                "onSchemaObject": {"future": {"objectTypePlural": "TABLES", "inSchema": "D.S"}},
            },
            {"SYSADMIN", "SECURITYADMIN", "ACCOUNTADMIN"},
        ),
        (
            GRANT_TO_DATABASE_ROLE,
            {
                "databaseRoleName": "D.R",
                "privileges": ["SELECT"],
                "onSchemaObject": {"future": {"objectTypePlural": "TABLES", "inSchema": "D.OPEN"}},
            },
            {"SECURITYADMIN", "ACCOUNTADMIN"},
        ),
    ],
)
def test_only_some_roles_may_make_it(furnished: Account, token: str, inputs: dict[str, Any], allowed: set[str]) -> None:
    for role in {"SYSADMIN", "SECURITYADMIN", "USERADMIN", "ACCOUNTADMIN", "PUBLIC", "LOADER"} - allowed:
        with pytest.raises(CloudError, match="insufficient privileges"):
            furnished.create(role, token, **inputs)
    for role in allowed:
        furnished.delete(role, furnished.create(role, token, **inputs))


def test_a_role_inherits_what_the_roles_granted_to_it_may_do(furnished: Account) -> None:
    create_databases = {"accountRoleName": "LOADER", "privileges": ["CREATE DATABASE"], "onAccount": True}
    furnished.create("ACCOUNTADMIN", GRANT_TO_ACCOUNT_ROLE, **create_databases)
    furnished.create("SECURITYADMIN", ACCOUNT_ROLE, name="CHIEF")
    furnished.create("SECURITYADMIN", GRANT_ACCOUNT_ROLE, roleName="LOADER", parentRoleName="CHIEF")

    made = furnished.create("CHIEF", DATABASE, name="NEW")

    assert made.owner == "CHIEF"
    with pytest.raises(CloudError, match='"NEW" belongs to CHIEF, not to LOADER'):
        furnished.delete("LOADER", made)


@pytest.mark.parametrize("privilege", ["CREATE DATABASE", "CREATE WAREHOUSE", "EXECUTE TASK", "MONITOR USAGE"])
def test_what_only_accountadmin_can_grant_has_no_effect_from_another_role_and_no_error(
    furnished: Account, privilege: str
) -> None:
    grant = {"accountRoleName": "LOADER", "privileges": [privilege, "CREATE ROLE"], "onAccount": True}

    given = furnished.create("SECURITYADMIN", GRANT_TO_ACCOUNT_ROLE, **grant)

    assert given.attributes["privileges"] == ["CREATE ROLE"]
    assert furnished.cloud.account.holds("LOADER", "CREATE ROLE")
    assert not furnished.cloud.account.holds("LOADER", privilege)
    furnished.update("ACCOUNTADMIN", given, **grant)
    assert furnished.cloud.account.holds("LOADER", privilege)


def test_a_role_whose_grant_had_no_effect_makes_no_database(furnished: Account) -> None:
    grant = {"accountRoleName": "LOADER", "privileges": ["CREATE DATABASE"], "onAccount": True}
    furnished.create("SECURITYADMIN", GRANT_TO_ACCOUNT_ROLE, **grant)

    with pytest.raises(CloudError, match="LOADER lacks CREATE DATABASE"):
        furnished.create("LOADER", DATABASE, name="NEW")


def test_a_privilege_is_passed_on_only_with_grant_option(furnished: Account) -> None:
    furnished.create("SYSADMIN", WAREHOUSE, name="W")
    usage = {"privileges": ["USAGE"], "onAccountObject": {"objectType": "WAREHOUSE", "objectName": "W"}}
    held = furnished.create("SYSADMIN", GRANT_TO_ACCOUNT_ROLE, accountRoleName="LOADER", **usage)
    furnished.create("SECURITYADMIN", ACCOUNT_ROLE, name="GUEST")
    with pytest.raises(CloudError, match="with grant option"):
        furnished.create("LOADER", GRANT_TO_ACCOUNT_ROLE, accountRoleName="GUEST", **usage)

    furnished.delete("SYSADMIN", held)
    furnished.create("SYSADMIN", GRANT_TO_ACCOUNT_ROLE, accountRoleName="LOADER", withGrantOption=True, **usage)

    furnished.create("LOADER", GRANT_TO_ACCOUNT_ROLE, accountRoleName="GUEST", **usage)


def test_only_who_may_make_monitors_may_assign_one(account: Account) -> None:
    account.create("ACCOUNTADMIN", RESOURCE_MONITOR, name="M")
    warehouse = account.create("SYSADMIN", WAREHOUSE, name="W")

    with pytest.raises(CloudError, match="SYSADMIN lacks CREATE RESOURCE MONITOR"):
        account.update("SYSADMIN", warehouse, name="W", resourceMonitor="M")

    changed = account.update("ACCOUNTADMIN", warehouse, name="W", resourceMonitor="M")
    assert changed.attributes["resourceMonitor"] == "M"


@pytest.mark.parametrize(
    ("notified", "why"),
    [
        (["ANNA", "NOBODY"], "user NOBODY does not have a verified email"),
        (["ANNA", "UNVERIFIED"], "user UNVERIFIED does not have a verified email"),
        (["ANNA", "BEN", "CLEO", "DAN", "EVA", "FAY"], "limited to 5 users"),
    ],
)
def test_a_monitor_notifies_five_people_at_most_all_of_them_with_a_verified_address(
    account: Account, notified: list[str], why: str
) -> None:
    account.cloud.account.verified_people |= {"ANNA", "BEN", "CLEO", "DAN", "EVA", "FAY"}
    account.create("USERADMIN", SERVICE_USER, name="UNVERIFIED")
    monitor = account.create("ACCOUNTADMIN", RESOURCE_MONITOR, name="M", notifyUsers=["ANNA"])

    with pytest.raises(CloudError, match=why):
        account.create("ACCOUNTADMIN", RESOURCE_MONITOR, name="N", notifyUsers=notified)
    with pytest.raises(CloudError, match=why):
        account.update("ACCOUNTADMIN", monitor, name="M", notifyUsers=notified)


def test_a_user_gets_a_network_policy_only_from_the_policy_s_owner(account: Account) -> None:
    account.create("SECURITYADMIN", NETWORK_POLICY, name="P", allowedIpLists=["192.0.2.0/24"])

    with pytest.raises(CloudError, match='"P" belongs to SECURITYADMIN, not to USERADMIN'):
        account.create("USERADMIN", SERVICE_USER, name="U", networkPolicy="P")

    account.create("SECURITYADMIN", SERVICE_USER, name="U", networkPolicy="P")


@pytest.mark.parametrize(
    ("owner", "allowed", "refused"),
    [
        ("USERADMIN", ("USERADMIN", "SECURITYADMIN", "ACCOUNTADMIN"), ("SYSADMIN",)),
        ("SECURITYADMIN", ("SECURITYADMIN", "ACCOUNTADMIN"), ("USERADMIN", "SYSADMIN")),
    ],
)
def test_a_user_is_altered_by_its_owner_and_the_roles_above(
    account: Account, owner: str, allowed: tuple[str, ...], refused: tuple[str, ...]
) -> None:
    user = account.create(owner, SERVICE_USER, name="U")

    for role in refused:
        with pytest.raises(CloudError, match=f'"U" belongs to {owner}, not to {role}'):
            account.update(role, user, name="U", comment=role)
    for role in allowed:
        assert account.update(role, user, name="U", comment=role).owner == owner


IDENTITIES = (
    {"oidc": {"issuer": "https://id.example.org", "subject": "s"}},
    {"aws": {"arn": "arn:aws:iam::123456789012:role/r"}},
    {"azure": {"issuer": "https://login.microsoftonline.com/t/v2.0", "subject": "s"}},
    {"gcp": {"subject": "1"}},
)


@pytest.mark.parametrize("identity", IDENTITIES)
def test_a_workload_identity_is_planned_and_then_refused_without_the_provider_s_feature(
    account: Account, identity: dict[str, Any]
) -> None:
    wanted = {"name": "U", "defaultWorkloadIdentity": identity}
    user = account.create("SECURITYADMIN", SERVICE_USER, name="U")
    assert account.cloud.refusals(SERVICE_USER, wanted) == []

    with pytest.raises(CloudError, match="need to first specify the `USER_ENABLE_DEFAULT_WORKLOAD_IDENTITY` feature"):
        account.update("SECURITYADMIN", user, **wanted)
    account.delete("SECURITYADMIN", user)
    with pytest.raises(CloudError, match="need to first specify the `USER_ENABLE_DEFAULT_WORKLOAD_IDENTITY` feature"):
        account.create("SECURITYADMIN", SERVICE_USER, **wanted)


def test_a_feature_that_the_provider_does_not_have_is_refused_at_sign_in(account: Account) -> None:
    with pytest.raises(CloudError, match=r"expected one of .* got IDENTITIES"):
        account.cloud.sign_in({"role": "SYSADMIN", "experimentalFeaturesEnableds": '["IDENTITIES"]'})


def test_a_tag_is_set_by_who_may_apply_tags_or_owns_all_of_it(furnished: Account) -> None:
    furnished.create("SYSADMIN", WAREHOUSE, name="DEPLOYING")
    furnished.work_on("DEPLOYING")
    furnished.create("SYSADMIN", TAG, name="OWNER", database="D", schema="S")
    warehouse = furnished.create("ACCOUNTADMIN", WAREHOUSE, name="W")
    assert warehouse.owner == "ACCOUNTADMIN"
    tag = {"tagId": "D.S.OWNER", "tagValue": "team"}

    furnished.create("SYSADMIN", TAG_ASSOCIATION, objectType="DATABASE", objectIdentifiers=["D"], **tag)
    with pytest.raises(CloudError, match='"W" belongs to ACCOUNTADMIN'):
        furnished.create("SYSADMIN", TAG_ASSOCIATION, objectType="WAREHOUSE", objectIdentifiers=["W"], **tag)
    furnished.create("ACCOUNTADMIN", TAG_ASSOCIATION, objectType="WAREHOUSE", objectIdentifiers=["W"], **tag)


@pytest.mark.parametrize("warehouse", [None, "GONE", "FOREIGN"])
def test_a_tag_takes_a_warehouse_that_exists_and_that_the_role_may_use(
    furnished: Account, warehouse: str | None
) -> None:
    furnished.create("ACCOUNTADMIN", WAREHOUSE, name="FOREIGN")
    furnished.create("SYSADMIN", WAREHOUSE, name="OWN")
    furnished.work_on("OWN")
    made = furnished.create("SYSADMIN", TAG, name="MADE", database="D", schema="S")

    furnished.work_on(warehouse)

    for act in (
        lambda: furnished.create("SYSADMIN", TAG, name="T", database="D", schema="S"),
        lambda: furnished.update("SYSADMIN", made, name="MADE", database="D", schema="S", comment="changed"),
        lambda: furnished.read("SYSADMIN", made),
    ):
        with pytest.raises(CloudError, match="No active warehouse selected in the current session"):
            act()


def test_a_role_that_the_user_does_not_hold_is_none_to_sign_in_with(account: Account) -> None:
    account.create("SECURITYADMIN", ACCOUNT_ROLE, name="LOADER")
    account.cloud.deployer = Deployer(frozenset({"SECURITYADMIN"}), None)

    assert account.cloud.sign_in({"role": "USERADMIN"}).role == "USERADMIN"
    for beyond in ("SYSADMIN", "ACCOUNTADMIN", "LOADER"):
        with pytest.raises(CloudError, match=f"role '{beyond}' .* does not exist or not authorized"):
            account.cloud.sign_in({"role": beyond})
    account.create("SECURITYADMIN", GRANT_ACCOUNT_ROLE, roleName="LOADER", parentRoleName="SECURITYADMIN")
    assert account.cloud.sign_in({"role": "LOADER"}).role == "LOADER"


def test_a_network_policy_stays_while_a_user_has_it(account: Account) -> None:
    policy = account.create("SECURITYADMIN", NETWORK_POLICY, name="P")
    user = account.create("SECURITYADMIN", SERVICE_USER, name="U", networkPolicy="P")
    with pytest.raises(CloudError, match='user "U" has it'):
        account.delete("SECURITYADMIN", policy)

    account.delete("SECURITYADMIN", user)

    account.delete("SECURITYADMIN", policy)


@pytest.mark.parametrize(
    ("token", "inputs", "missing"),
    [
        (SCHEMA, {"name": "S", "database": "NOWHERE"}, "Database NOWHERE"),
        (STAGE_INTERNAL, {"name": "L", "database": "D", "schema": "NOWHERE"}, '"D"."NOWHERE"'),
        (DATABASE_ROLE, {"name": "R2", "database": "NOWHERE"}, "Database NOWHERE"),
        (WAREHOUSE, {"name": "W", "resourceMonitor": "NONE"}, "ResourceMonitor NONE"),
        (SERVICE_USER, {"name": "U", "networkPolicy": "NONE"}, "NetworkPolicy NONE"),
        (GRANT_ACCOUNT_ROLE, {"roleName": "GHOST", "parentRoleName": "SYSADMIN"}, "Role GHOST"),
        (GRANT_ACCOUNT_ROLE, {"roleName": "LOADER", "parentRoleName": "sysadmin"}, "Role sysadmin"),
        (GRANT_ACCOUNT_ROLE, {"roleName": "LOADER", "userName": "GHOST"}, "ServiceUser GHOST"),
        (GRANT_DATABASE_ROLE, {"databaseRoleName": "D.GHOST", "parentRoleName": "LOADER"}, "DatabaseRole D.GHOST"),
        (
            GRANT_TO_ACCOUNT_ROLE,
            {
                "accountRoleName": "LOADER",
                "privileges": ["USAGE"],
                "onAccountObject": {"objectType": "WAREHOUSE", "objectName": "NONE"},
            },
            'Warehouse "NONE"',
        ),
        (
            GRANT_TO_DATABASE_ROLE,
            {"databaseRoleName": "D.R", "privileges": ["USAGE"], "onSchema": {"schemaName": "D.NOWHERE"}},
            '"D"."NOWHERE"',
        ),
    ],
)
def test_what_something_rests_on_must_exist(
    furnished: Account, token: str, inputs: dict[str, Any], missing: str
) -> None:
    with pytest.raises(CloudError) as refused:
        furnished.create("ACCOUNTADMIN", token, **inputs)

    assert f"{missing} does not exist or not authorized" in str(refused.value)


@pytest.mark.parametrize(
    ("token", "inputs", "reason"),
    [
        (DATABASE, {"name": "T", "isTransient": True, "dataRetentionTimeInDays": 2}, "transient object allows 0 or 1"),
        (
            SCHEMA,
            {"name": "T", "database": "D", "isTransient": "true", "dataRetentionTimeInDays": 30},
            "transient object allows 0 or 1",
        ),
        (WAREHOUSE, {"name": "W", "minClusterCount": 3, "maxClusterCount": 2}, "MIN_CLUSTER_COUNT 3 is above"),
        (SERVICE_USER, {"name": "U", "rsaPublicKey": "no key at all"}, "rsaPublicKey is no RSA key"),
        (SERVICE_USER, {"name": "U", "rsaPublicKey": PUBLIC_KEY, "rsaPublicKey2": "AAAA"}, "rsaPublicKey2 is no RSA"),
        (NETWORK_POLICY, {"name": "P", "allowedIpLists": ["300.1.1.1"]}, "'300.1.1.1' is not an IPv4 range"),
        (ACCOUNT_ROLE, {"name": "SysAdmin"}, "it is a system role"),
        (DATABASE, {"name": "D"}, "already exists"),
        (
            GRANT_TO_DATABASE_ROLE,
            {"databaseRoleName": "D.R", "privileges": ["FROBNICATE"], "onDatabase": "D"},
            "DATABASE has no privilege FROBNICATE",
        ),
        (
            GRANT_TO_DATABASE_ROLE,
            {"databaseRoleName": "D.R", "privileges": ["SELECT"], "onSchema": {"schemaName": "D.S"}},
            "SCHEMA has no privilege SELECT",
        ),
        (
            GRANT_TO_DATABASE_ROLE,
            {"databaseRoleName": "D.R", "privileges": ["USAGE"], "onDatabase": "OTHER"},
            "cannot hold privileges outside its database",
        ),
        (
            GRANT_DATABASE_ROLE,
            {"databaseRoleName": "D.R", "parentDatabaseRoleName": "OTHER.R"},
            "it is of another database",
        ),
    ],
)
def test_what_the_account_refuses_though_the_provider_lets_it_through(
    furnished: Account, token: str, inputs: dict[str, Any], reason: str
) -> None:
    furnished.create("SYSADMIN", DATABASE, name="OTHER")
    furnished.create("SYSADMIN", DATABASE_ROLE, name="R", database="OTHER")
    assert furnished.cloud.refusals(token, inputs) == []

    with pytest.raises(CloudError) as refused:
        furnished.create("ACCOUNTADMIN", token, **inputs)

    assert reason in str(refused.value)


def test_the_standard_edition_has_less() -> None:
    account = Account(Edition.STANDARD)

    with pytest.raises(CloudError, match="edition standard allows 0 or 1"):
        account.create("SYSADMIN", DATABASE, name="D", dataRetentionTimeInDays=7)
    with pytest.raises(CloudError, match="no multi-cluster warehouses"):
        account.create("SYSADMIN", WAREHOUSE, name="W", maxClusterCount=2)
    with pytest.raises(CloudError, match="edition standard has no tags"):
        account.create("SYSADMIN", TAG, name="T", database="D", schema="S")


def test_future_grants_at_both_levels_pass_as_they_do_in_the_cloud(furnished: Account) -> None:
    for place in ({"inSchema": "D.S"}, {"inDatabase": "D"}):
        future = {"future": {"objectTypePlural": "TABLES", **place}}
        furnished.create(
            "SECURITYADMIN",
            GRANT_TO_DATABASE_ROLE,
            databaseRoleName="D.R",
            privileges=["SELECT"],
            onSchemaObject=future,
        )


def test_names_keep_the_case_they_are_declared_with(account: Account) -> None:
    account.create("SYSADMIN", DATABASE, name="analytics")

    assert account.store.databases() == ["analytics"]
    with pytest.raises(CloudError, match="Database ANALYTICS does not exist"):
        account.create("SYSADMIN", SCHEMA, name="GOLD", database="ANALYTICS")
    assert account.create("SYSADMIN", SCHEMA, name="GOLD", database='"analytics"').id == '"analytics"."GOLD"'


def test_the_role_at_sign_in_is_folded_to_upper_case(account: Account) -> None:
    assert account.cloud.sign_in({"role": "sysadmin"}).role == "SYSADMIN"
    with pytest.raises(CloudError, match="'GHOST' specified in the connect string does not exist"):
        account.cloud.sign_in({"role": "ghost"})


def test_a_database_goes_only_when_its_schemas_are_gone(furnished: Account) -> None:
    database = furnished.cloud.account.require_database("D")

    with pytest.raises(CloudError, match="it holds OPEN, S"):
        furnished.delete("SYSADMIN", database)


def test_a_permanent_schema_goes_only_when_it_is_empty(furnished: Account) -> None:
    schema = furnished.cloud.account.require_schema("D.S")
    furnished.store.plant_table("D", "S", "ORDERS")

    with pytest.raises(CloudError, match="it holds ORDERS"):
        furnished.delete("SYSADMIN", schema)


def test_a_transient_schema_goes_with_what_it_holds(furnished: Account) -> None:
    schema = furnished.create("SYSADMIN", SCHEMA, name="SCRATCH", database="D", isTransient="true")
    furnished.store.plant_table("D", "SCRATCH", "ORDERS")

    furnished.delete("SYSADMIN", schema)

    assert furnished.store.schemas("D") == ["OPEN", "PUBLIC", "S"]


def test_defaults_are_filled_in_and_names_made_full(account: Account) -> None:
    made = account.create("SYSADMIN", WAREHOUSE, name="W", warehouseSize="SMALL")

    assert made.attributes["autoSuspend"] == 600
    assert made.attributes["warehouseSize"] == "SMALL"
    assert made.attributes["fullyQualifiedName"] == '"W"'


def test_the_import_ids_are_those_of_the_documentation(furnished: Account) -> None:
    future = {"future": {"objectTypePlural": "TABLES", "inSchema": "D.S"}}
    made = furnished.create(
        "SECURITYADMIN",
        GRANT_TO_DATABASE_ROLE,
        databaseRoleName="D.R",
        privileges=["SELECT", "INSERT"],
        onSchemaObject=future,
    )
    role_grant = furnished.create(
        "SECURITYADMIN", GRANT_DATABASE_ROLE, databaseRoleName='"D"."R"', parentRoleName="LOADER"
    )

    assert made.id == '"D"."R"|false|false|INSERT,SELECT|OnSchemaObject|OnFuture|TABLES|InSchema|"D"."S"'
    assert role_grant.id == '"D"."R"|ROLE|"LOADER"'


def test_what_the_store_loses_the_account_no_longer_has(furnished: Account) -> None:
    lost, kept = map(furnished.cloud.account.require_schema, ("D.S", "D.OPEN"))

    furnished.store.drop_schema("D", "S")

    assert furnished.read("SYSADMIN", lost) is None
    assert furnished.read("SYSADMIN", kept) is not None


def test_a_type_without_rules_is_refused_rather_than_waved_through(account: Account) -> None:
    with pytest.raises(CloudError, match="knows no rules for"):
        account.create("SYSADMIN", "snowflake:index/execute:Execute", execute="DROP", revert="SELECT 1")
