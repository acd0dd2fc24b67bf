"""Who may do what where, read off the resources of each stack and compared with the table as people read it."""

from collections import defaultdict
from collections.abc import Mapping

import pytest

from tests.fakes.pulumi_mocks.recorder import RecordedResource, RecordedStack

READ = {"DATABASE": "USAGE", "SCHEMA": "USAGE", "future TABLES": "SELECT", "future VIEWS": "SELECT"}
WRITE = {
    "DATABASE": "USAGE",
    "SCHEMA": "CREATE TABLE, CREATE VIEW, USAGE",
    "future TABLES": "DELETE, INSERT, SELECT, TRUNCATE, UPDATE",
    "future VIEWS": "SELECT",
}
READ_RAW = {"DATABASE": "USAGE", "SCHEMA": "USAGE", "future TABLES": "SELECT"}
WRITE_RAW = {
    "DATABASE": "USAGE",
    "SCHEMA": "CREATE TABLE, USAGE",
    "future TABLES": "DELETE, INSERT, SELECT, TRUNCATE, UPDATE",
    "STAGE LANDING": "READ, WRITE",
}
# The shop came first: in the database of models its schemas have the layers' bare names.
LAYERS = ("BRONZE", "SILVER", "GOLD", "FLIGHTS_BRONZE", "FLIGHTS_SILVER", "FLIGHTS_GOLD")
DATABASE_ROLES = {
    "SHOP_READ": READ_RAW,
    "SHOP_WRITE": WRITE_RAW,
    "FLIGHTS_READ": READ_RAW,
    "FLIGHTS_WRITE": WRITE_RAW,
    **{f"{layer}_READ": READ for layer in LAYERS},
    **{f"{layer}_WRITE": WRITE for layer in LAYERS},
}
READ_RAW_FILES, WRITE_RAW_FILES = {"SHOP_READ", "FLIGHTS_READ"}, {"SHOP_WRITE", "FLIGHTS_WRITE"}
WRITE_ANALYTICS = {f"{layer}_WRITE" for layer in LAYERS}
READ_GOLD = {"GOLD_READ", "FLIGHTS_GOLD_READ"}
READ_ALL = READ_RAW_FILES | {f"{layer}_READ" for layer in LAYERS}

HELD = {
    "prod": {
        "LOADER": WRITE_RAW_FILES,
        "TRANSFORMER": READ_RAW_FILES | WRITE_ANALYTICS,
        "REPORTER": READ_GOLD,
        "CLONE_READER": READ_ALL,
    },
    "dev": {
        "LOADER_DEV": WRITE_RAW_FILES,
        "TRANSFORMER_DEV": READ_RAW_FILES | WRITE_ANALYTICS,
        "REPORTER_DEV": READ_GOLD,
        "CI_READER_DEV": READ_ALL,
    },
    "pr-7": {
        "TRANSFORMER_PR_7": WRITE_RAW_FILES | WRITE_ANALYTICS,
        "CI_READER_PR_7": READ_ALL,
    },
}
WAREHOUSES = {
    "prod": {"LOADER": {"LOADING"}, "TRANSFORMER": {"TRANSFORMING"}, "REPORTER": {"REPORTING"}},
    "dev": {
        "LOADER_DEV": {"LOADING_DEV"},
        "TRANSFORMER_DEV": {"TRANSFORMING_DEV"},
        "REPORTER_DEV": {"REPORTING_DEV"},
        "CI_READER_DEV": {"CI_DEV"},
        "PR_ADMIN_DEV": {"CI_DEV, to hand on"},
    },
    "pr-7": {role: {"CI_DEV"} for role in ("TRANSFORMER_PR_7", "CI_READER_PR_7")},
}
ROLES_ABOVE = {
    "prod": {role: {"SYSADMIN"} for role in ("LOADER", "TRANSFORMER", "REPORTER", "CLONE_READER", "WATCHER")},
    "dev": {
        f"{role}_DEV": {"SYSADMIN"}
        for role in ("LOADER", "TRANSFORMER", "REPORTER", "CI_READER", "PR_ADMIN", "PR_PIPELINES")
    },
    "pr-7": {
        "TRANSFORMER_PR_7": {"PR_ADMIN_DEV", "PR_PIPELINES_DEV"},
        "CI_READER_PR_7": {"PR_ADMIN_DEV"},
        "CLONE_READER": {"TRANSFORMER_PR_7"},
    },
}
USERS = {
    "prod": {"DAGSTER": {"LOADER", "TRANSFORMER"}, "REPORTING_TOOL": {"REPORTER"}, "DRIFT_WATCH": {"WATCHER"}},
    "dev": {
        "DAGSTER_DEV": {"LOADER_DEV", "TRANSFORMER_DEV"},
        "REPORTING_TOOL_DEV": {"REPORTER_DEV"},
        "CI_RUNNER_DEV": {"CI_READER_DEV", "PR_ADMIN_DEV"},
        "BRANCH_RUNNER_DEV": {"PR_PIPELINES_DEV"},
    },
    "pr-7": {},
}
STACKS = ("dev", "prod", "pr-7")


def bare(identifier: str) -> list[str]:
    return identifier.replace('"', "").split(".")


def target(grant: RecordedResource) -> str:
    if "onDatabase" in grant.inputs:
        return "DATABASE"
    if "onSchema" in grant.inputs:
        return "SCHEMA"
    on = grant.inputs["onSchemaObject"]
    if "future" in on:
        return f"future {on['future']['objectTypePlural']}"
    return f"{on['objectType']} {bare(on['objectName'])[2]}"


@pytest.mark.parametrize("stack", STACKS)
def test_database_roles_hold_these_privileges_and_no_others(recorded: Mapping[str, RecordedStack], stack: str) -> None:
    granted: dict[str, dict[str, str]] = defaultdict(dict)
    for grant in recorded[stack].of_type("GrantPrivilegesToDatabaseRole"):
        role = bare(grant.inputs["databaseRoleName"])[1]
        assert target(grant) not in granted[role]
        granted[role][target(grant)] = ", ".join(sorted(grant.inputs["privileges"]))
    used = set().union(*HELD[stack].values())
    assert granted == {role: privileges for role, privileges in DATABASE_ROLES.items() if role in used}


@pytest.mark.parametrize("stack", STACKS)
def test_a_database_role_reaches_its_own_schema_alone(recorded: Mapping[str, RecordedStack], stack: str) -> None:
    for grant in recorded[stack].of_type("GrantPrivilegesToDatabaseRole"):
        database, role = bare(grant.inputs["databaseRoleName"])
        schema = role.rpartition("_")[0]
        on = grant.inputs.get("onSchemaObject", {})
        reached = (
            grant.inputs.get("onDatabase")
            or grant.inputs.get("onSchema", {}).get("schemaName")
            or on.get("objectName")
            or on["future"]["inSchema"]
        )
        assert bare(reached)[:2] in ([database], [database, schema])


@pytest.mark.parametrize("stack", STACKS)
def test_personas_hold_these_database_roles(recorded: Mapping[str, RecordedStack], stack: str) -> None:
    held: dict[str, set[str]] = defaultdict(set)
    for grant in recorded[stack].of_type("GrantDatabaseRole"):
        held[grant.inputs["parentRoleName"]].add(bare(grant.inputs["databaseRoleName"])[1])
    assert held == HELD[stack]


@pytest.mark.parametrize("stack", STACKS)
def test_personas_use_these_warehouses(recorded: Mapping[str, RecordedStack], stack: str) -> None:
    used: dict[str, set[str]] = defaultdict(set)
    for grant in recorded[stack].of_type("GrantPrivilegesToAccountRole"):
        if "onAccountObject" in grant.inputs and grant.inputs["accountRoleName"] != "WATCHER":
            assert grant.inputs["privileges"] == ["USAGE"]
            assert grant.inputs["onAccountObject"]["objectType"] == "WAREHOUSE"
            on = ", to hand on" if grant.inputs["withGrantOption"] else ""
            used[grant.inputs["accountRoleName"]].add(grant.inputs["onAccountObject"]["objectName"] + on)
    assert used == WAREHOUSES[stack]


def test_the_watcher_may_describe_what_production_is_made_of_and_read_nothing_in_it(
    recorded: Mapping[str, RecordedStack],
) -> None:
    seen: dict[str, str] = {}
    for grant in recorded["prod"].of_type("GrantPrivilegesToAccountRole"):
        if grant.inputs["accountRoleName"] == "WATCHER" and not grant.inputs.get("onAccount"):
            schema = grant.inputs.get("onSchema", {}).get("schemaName")
            on = grant.inputs.get("onAccountObject", {})
            name = f"SCHEMA {'.'.join(bare(schema))}" if schema else f"{on.get('objectType')} {on.get('objectName')}"
            seen[name] = ", ".join(sorted(grant.inputs["privileges"]))
    look = "MONITOR, USAGE"
    databases = {"DATABASE RAW": look, "DATABASE ANALYTICS": look}
    schemas = {f"SCHEMA {one}": look for one in ("RAW.SHOP", "RAW.FLIGHTS", *(f"ANALYTICS.{one}" for one in LAYERS))}
    warehouses = ("LOADING", "TRANSFORMING", "REPORTING")
    compute = {f"WAREHOUSE {one}": "MONITOR" for one in warehouses}
    monitors = {f"RESOURCE MONITOR {one}_MONITOR": "MONITOR" for one in warehouses}
    assert seen == {**databases, **schemas, **compute, **monitors}
    held = [grant.inputs["parentRoleName"] for grant in recorded["prod"].of_type("GrantDatabaseRole")]
    assert "WATCHER" not in held


def test_only_who_administers_pull_requests_and_who_watches_has_privileges_on_the_account(
    recorded: Mapping[str, RecordedStack],
) -> None:
    on_account = [
        (stack, grant.inputs["accountRoleName"], grant.inputs["privileges"])
        for stack in STACKS
        for grant in recorded[stack].of_type("GrantPrivilegesToAccountRole")
        if grant.inputs.get("onAccount")
    ]
    assert on_account == [
        ("dev", "PR_ADMIN_DEV", ["CREATE DATABASE", "CREATE ROLE"]),
        ("prod", "WATCHER", ["MONITOR ROLE", "MONITOR USER", "RESOLVE ALL"]),
    ]


@pytest.mark.parametrize("stack", STACKS)
def test_roles_stand_below_these(recorded: Mapping[str, RecordedStack], stack: str) -> None:
    above: dict[str, set[str]] = defaultdict(set)
    for grant in recorded[stack].of_type("GrantAccountRole"):
        if "parentRoleName" in grant.inputs:
            above[grant.inputs["roleName"]].add(grant.inputs["parentRoleName"])
    assert above == ROLES_ABOVE[stack]


@pytest.mark.parametrize("stack", STACKS)
def test_users_hold_these_roles(recorded: Mapping[str, RecordedStack], stack: str) -> None:
    held: dict[str, set[str]] = defaultdict(set)
    for grant in recorded[stack].of_type("GrantAccountRole"):
        if "userName" in grant.inputs:
            held[grant.inputs["userName"]].add(grant.inputs["roleName"])
    assert held == USERS[stack]
