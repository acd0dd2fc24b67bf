"""The ids of objects as the providers' import pages write them."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from platform_contract.errors import ContractError
from platform_infra.adoption.databricks_ids import DatabricksIds
from platform_infra.adoption.import_file import adoption
from platform_infra.adoption.known_ids import KnownIds, read_known_ids, refuse_strangers
from platform_infra.adoption.snowflake_ids import snowflake_id
from platform_infra.recording.imagined_cloud import account_id, application_id, policy_id
from platform_infra.recording.recorder import RecordedResource


def resource(kind: str, logical: str, /, **inputs: object) -> RecordedResource:
    return RecordedResource(
        type_token=f"cloud:index/{kind[0].lower()}{kind[1:]}:{kind}",
        name=logical,
        urn=f"urn::{logical}",
        inputs=inputs,
        custom=True,
        protect=False,
        parent="",
        provider="",
        dependencies=frozenset(),
        delete_before_replace=False,
    )


@pytest.mark.parametrize(
    ("kind", "inputs", "expected"),
    [
        ("Database", {"name": "RAW"}, '"RAW"'),
        ("Schema", {"database": "RAW", "name": "SHOP"}, '"RAW"."SHOP"'),
        ("StageInternal", {"database": "RAW", "schema": "SHOP", "name": "LANDING"}, '"RAW"."SHOP"."LANDING"'),
        ("GrantAccountRole", {"roleName": "LOADER", "parentRoleName": "SYSADMIN"}, '"LOADER"|ROLE|"SYSADMIN"'),
        ("GrantAccountRole", {"roleName": "LOADER", "userName": "DAGSTER"}, '"LOADER"|USER|"DAGSTER"'),
        (
            "GrantDatabaseRole",
            {"databaseRoleName": '"RAW"."SHOP_READ"', "parentRoleName": "LOADER"},
            '"RAW"."SHOP_READ"|ROLE|"LOADER"',
        ),
        (
            "GrantPrivilegesToAccountRole",
            {"accountRoleName": "PR_ADMIN", "privileges": ["CREATE ROLE", "CREATE DATABASE"], "onAccount": True},
            '"PR_ADMIN"|false|false|CREATE DATABASE,CREATE ROLE|OnAccount',
        ),
        (
            "GrantPrivilegesToAccountRole",
            {
                "accountRoleName": "PR_ADMIN",
                "privileges": ["USAGE"],
                "withGrantOption": True,
                "onAccountObject": {"objectType": "WAREHOUSE", "objectName": "CI_DEV"},
            },
            '"PR_ADMIN"|true|false|USAGE|OnAccountObject|WAREHOUSE|"CI_DEV"',
        ),
        (
            "GrantPrivilegesToDatabaseRole",
            {"databaseRoleName": '"RAW"."SHOP_READ"', "privileges": ["USAGE"], "onDatabase": "RAW"},
            '"RAW"."SHOP_READ"|false|false|USAGE|OnDatabase|"RAW"',
        ),
        (
            "GrantPrivilegesToDatabaseRole",
            {
                "databaseRoleName": '"RAW"."SHOP_READ"',
                "privileges": ["SELECT"],
                "onSchemaObject": {"future": {"objectTypePlural": "TABLES", "inSchema": '"RAW"."SHOP"'}},
            },
            '"RAW"."SHOP_READ"|false|false|SELECT|OnSchemaObject|OnFuture|TABLES|InSchema|"RAW"."SHOP"',
        ),
        (
            "GrantPrivilegesToDatabaseRole",
            {
                "databaseRoleName": '"RAW"."SHOP_WRITE"',
                "privileges": ["WRITE", "READ"],
                "onSchemaObject": {"objectType": "STAGE", "objectName": '"RAW"."SHOP"."LANDING"'},
            },
            '"RAW"."SHOP_WRITE"|false|false|READ,WRITE|OnSchemaObject|OnObject|STAGE|"RAW"."SHOP"."LANDING"',
        ),
        ("Unheard", {"name": "X"}, None),
    ],
)
def test_snowflakes_ids_are_all_in_the_inputs(kind: str, inputs: Mapping[str, Any], expected: str | None) -> None:
    assert snowflake_id(resource(kind, "one", **inputs)) == expected


GROUP = resource("Group", "pipelines", displayName="platform_pipelines")
PRINCIPAL = resource("ServicePrincipal", "pipeline", displayName="platform_pipeline")
WAREHOUSE = resource("SqlEndpoint", "sql", name="platform_sql")
MEMBER = resource("GroupMember", "m", groupId="pipelines-id", memberId=account_id("platform_pipeline"))
GRANT = resource("Grant", "g", metastore="meta", principal=application_id("platform_pipeline"))
USE = resource("Permissions", "p", sqlEndpointId="sql-id", accessControls=[])


def databricks(known: dict[str, str | None]) -> DatabricksIds:
    return DatabricksIds([GROUP, PRINCIPAL, WAREHOUSE, MEMBER, GRANT, USE], KnownIds(known))


@pytest.mark.parametrize(
    ("kind", "inputs", "expected"),
    [
        ("Catalog", {"name": "platform"}, "platform"),
        ("Schema", {"catalogName": "platform", "name": "gold"}, "platform.gold"),
        ("Volume", {"catalogName": "platform", "schemaName": "ops", "name": "landing"}, "platform.ops.landing"),
        ("StorageCredential", {"name": "platform_storage"}, "platform_storage"),
        ("Grants", {"schema": "platform.gold", "grants": []}, "schema/platform.gold"),
        ("Grants", {"externalLocation": "platform_lakehouse", "grants": []}, "external_location/platform_lakehouse"),
        (
            "WorkspaceBinding",
            {"workspaceId": 11, "securableType": "catalog", "securableName": "platform"},
            "11|catalog|platform",
        ),
        ("Budget", {"displayName": "platform_budget"}, None),
        ("BudgetPolicy", {"policyName": "platform_serverless"}, None),
    ],
)
def test_databricks_ids_that_the_inputs_say(kind: str, inputs: Mapping[str, Any], expected: str | None) -> None:
    assert databricks({}).of(resource(kind, "one", **inputs)) == expected


def test_an_id_that_the_cloud_made_up_is_told_and_used_wherever_it_is_named() -> None:
    ids = databricks(
        {
            "Group pipelines": "71",
            "ServicePrincipal pipeline": "72",
            "ServicePrincipal pipeline application": "6f1c",
            "SqlEndpoint sql": "abc",
        }
    )
    assert [ids.of(one) for one in (GROUP, PRINCIPAL, WAREHOUSE, MEMBER, GRANT, USE)] == [
        "71",
        "72",
        "abc",
        "71|72",
        "metastore/meta/6f1c",
        "/sql/warehouses/abc",
    ]


def test_the_list_of_who_may_use_a_policy_has_the_policy_s_id_in_its_name() -> None:
    policy = resource("BudgetPolicy", "serverless", policyName="platform_serverless")
    made_up = policy_id("platform_serverless")
    users = resource("AccessControlRuleSet", "serverless", name=f"accounts/a/budgetPolicies/{made_up}/ruleSets/default")

    component = replace(resource("BudgetPolicy", "serverless"), custom=False)

    told = DatabricksIds([component, policy, users], KnownIds({"BudgetPolicy serverless": "9d2c"}))

    assert told.of(users) == "accounts/a/budgetPolicies/9d2c/ruleSets/default"
    assert DatabricksIds([policy, users], KnownIds({})).of(users) is None


def test_without_it_neither_the_object_nor_what_names_it_has_an_id() -> None:
    ids = databricks({"Group pipelines": "71"})
    assert [ids.of(one) for one in (GROUP, PRINCIPAL, MEMBER, GRANT, USE)] == ["71", None, None, None, None]


def test_the_import_file_keeps_the_structure_and_says_what_it_leaves_out() -> None:
    planned = [
        {"type": "platform:cloud:Platform", "name": "platform", "component": True},
        {"type": "pulumi:providers:cloud", "name": "workspace", "inputs": {}},
        {"type": GROUP.type_token, "name": "pipelines", "parent": "platform"},
        {"type": WAREHOUSE.type_token, "name": "sqlSqlEndpoint", "logicalName": "sql"},
        {"type": PRINCIPAL.type_token, "name": "pipeline"},
    ]
    known = KnownIds({"Group pipelines": "71", "SqlEndpoint sql": None})
    made = adoption(planned, [GROUP, WAREHOUSE, PRINCIPAL], DatabricksIds([GROUP, WAREHOUSE], known).of, known)
    assert made.content == {"resources": [*planned[:2], {**planned[2], "id": "71"}]}
    assert made.adopted == ("Group pipelines",)
    assert made.absent == ("SqlEndpoint sql",)
    assert made.without_id == ("ServicePrincipal pipeline",)


def test_a_planned_object_that_nobody_declares_is_refused() -> None:
    with pytest.raises(ContractError, match="did not declare"):
        adoption([{"type": "cloud:index/odd:Odd", "name": "odd"}], [GROUP], snowflake_id, KnownIds({}))


def test_ids_are_read_as_text_and_null_says_that_nothing_is_there(tmp_path: Path) -> None:
    file = tmp_path / "ids.yaml"
    file.write_text("Group pipelines: 71\nSchema raw.shop: null\n", encoding="utf-8")
    assert read_known_ids(file).stated == {"Group pipelines": "71", "Schema raw.shop": None}
    assert read_known_ids(None).stated == {}


@pytest.mark.parametrize("text", ["- a list", "Group pipelines: {id: 1}", "{"])
def test_a_file_of_something_else_is_refused_by_name(tmp_path: Path, text: str) -> None:
    file = tmp_path / "ids.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ContractError, match=r"ids\.yaml: write a line for each object"):
        read_known_ids(file)


def test_ids_of_strangers_are_refused() -> None:
    known = KnownIds({"Group pipelines": "71", "ServicePrincipal pipeline application": "6f1c", "Group typo": "1"})
    with pytest.raises(ContractError, match=r"does not declare: Group typo$"):
        refuse_strangers(known, [GROUP, PRINCIPAL])
