"""The whole program, run as each stack on its real files, against what the platform is meant to have."""

import json
from collections import Counter
from collections.abc import Callable, Mapping

import pytest

from tests.fakes.pulumi_mocks.recorder import RecordedResource, RecordedStack

STACKS = ("dev", "prod", "pr-7")
COMMENTED = (
    "Warehouse",
    "Database",
    "Schema",
    "StageInternal",
    "DatabaseRole",
    "AccountRole",
    "ServiceUser",
    "NetworkPolicy",
    "Tag",
)
# Which authority makes what. A pull request has one, for everything.
MAKERS = {
    "Database": "sysadmin",
    "Schema": "sysadmin",
    "StageInternal": "sysadmin",
    "DatabaseRole": "sysadmin",
    "AccountRole": "securityadmin",
    "GrantAccountRole": "securityadmin",
    "GrantDatabaseRole": "securityadmin",
    "GrantPrivilegesToAccountRole": "securityadmin",
    "GrantPrivilegesToDatabaseRole": "securityadmin",
    "ServiceUser": "users",
    "ResourceMonitor": "accountadmin",
    "Warehouse": "accountadmin",
}


def in_snowflake(stack: RecordedStack) -> list[RecordedResource]:
    return [resource for resource in stack.resources if resource.type_token.startswith("snowflake:index/")]


def test_dev_has_a_warehouse_of_its_own_for_pull_requests(recorded: Mapping[str, RecordedStack]) -> None:
    assert set(recorded["dev"].inputs_by_name("Warehouse")) == {
        "LOADING_DEV",
        "TRANSFORMING_DEV",
        "REPORTING_DEV",
        "CI_DEV",
    }
    assert set(recorded["prod"].inputs_by_name("Warehouse")) == {"LOADING", "TRANSFORMING", "REPORTING"}


def test_a_pull_request_makes_databases_and_roles_and_nothing_that_runs_or_signs_in(
    recorded: Mapping[str, RecordedStack],
) -> None:
    made = {resource.kind for resource in in_snowflake(recorded["pr-7"])}
    assert made == {
        "Database",
        "Schema",
        "StageInternal",
        "DatabaseRole",
        "AccountRole",
        "GrantAccountRole",
        "GrantDatabaseRole",
        "GrantPrivilegesToAccountRole",
        "GrantPrivilegesToDatabaseRole",
    }


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_every_warehouse_is_capped_and_sleeps(recorded: Mapping[str, RecordedStack], stack: str) -> None:
    monitors = recorded[stack].inputs_by_name("ResourceMonitor")
    warehouses = recorded[stack].inputs_by_name("Warehouse")
    assert {w["resourceMonitor"] for w in warehouses.values()} == set(monitors)
    for warehouse in warehouses.values():
        assert warehouse["autoSuspend"] == 60
        assert warehouse["initiallySuspended"] is True
        assert warehouse["statementTimeoutInSeconds"] > 0
        assert warehouse["statementQueuedTimeoutInSeconds"] > 0
    for monitor in monitors.values():
        assert monitor["creditQuota"] > 0
        assert max(monitor["notifyTriggers"]) < monitor["suspendTrigger"] <= monitor["suspendImmediateTrigger"]


def test_sizes_and_budgets_are_those_of_the_stack_file(recorded: Mapping[str, RecordedStack]) -> None:
    prod = recorded["prod"]
    assert {n: (w["warehouseSize"], w["maxClusterCount"]) for n, w in prod.inputs_by_name("Warehouse").items()} == {
        "LOADING": ("XSMALL", 1),
        "TRANSFORMING": ("SMALL", 1),
        "REPORTING": ("SMALL", 2),
    }
    assert {n: m["creditQuota"] for n, m in prod.inputs_by_name("ResourceMonitor").items()} == {
        "LOADING_MONITOR": 50,
        "TRANSFORMING_MONITOR": 200,
        "REPORTING_MONITOR": 100,
    }


def test_every_monitor_tells_the_people_that_the_stack_names(run_stack: Callable[..., RecordedStack]) -> None:
    told = {
        stack: {
            tuple(m.get("notifyUsers", ())) for m in run_stack(stack, **more).inputs_by_name("ResourceMonitor").values()
        }
        for stack, more in (("dev", {}), ("prod", {"notify_users": ["ANNA", "BEN"]}))
    }
    assert told == {"dev": {()}, "prod": {("ANNA", "BEN")}}


def test_only_an_edition_that_has_multi_cluster_warehouses_is_sent_their_inputs(
    recorded: Mapping[str, RecordedStack],
) -> None:
    standard = recorded["dev"].inputs_by_name("Warehouse")["LOADING_DEV"]
    assert not {"minClusterCount", "maxClusterCount", "scalingPolicy"} & standard.keys()


def test_schemas_are_managed_and_keep_the_history_that_is_legal_for_them(
    recorded: Mapping[str, RecordedStack],
) -> None:
    kept = {
        stack: {
            (s["database"], s["name"]): (s["isTransient"], s["dataRetentionTimeInDays"])
            for s in (resource.inputs for resource in recorded[stack].of_type("Schema"))
        }
        for stack in STACKS
    }
    assert kept["prod"] == {
        ("RAW", "SHOP"): ("false", 7),
        ("ANALYTICS", "BRONZE"): ("true", 1),
        ("ANALYTICS", "SILVER"): ("true", 1),
        ("ANALYTICS", "GOLD"): ("false", 30),
        ("RAW", "FLIGHTS"): ("false", 7),
        ("ANALYTICS", "FLIGHTS_BRONZE"): ("true", 1),
        ("ANALYTICS", "FLIGHTS_SILVER"): ("true", 1),
        ("ANALYTICS", "FLIGHTS_GOLD"): ("false", 30),
    }
    assert kept["dev"][("ANALYTICS_DEV", "GOLD")] == ("false", 1)
    assert set(kept["pr-7"].values()) == {("true", 0)}
    assert all(s.inputs["withManagedAccess"] == "true" for stack in STACKS for s in recorded[stack].of_type("Schema"))


def test_a_pull_requests_databases_are_transient_and_nobody_elses(recorded: Mapping[str, RecordedStack]) -> None:
    transient = {
        name: database["isTransient"]
        for stack in STACKS
        for name, database in recorded[stack].inputs_by_name("Database").items()
    }
    assert transient == {
        "RAW": False,
        "ANALYTICS": False,
        "RAW_DEV": False,
        "ANALYTICS_DEV": False,
        "RAW_PR_7": True,
        "ANALYTICS_PR_7": True,
    }


@pytest.mark.parametrize("stack", STACKS)
def test_each_domains_files_land_in_one_stage_with_its_format_inline(
    recorded: Mapping[str, RecordedStack], stack: str
) -> None:
    stages = recorded[stack].of_type("StageInternal")
    assert {(one.inputs["schema"], one.inputs["name"]) for one in stages} == {
        ("SHOP", "LANDING"),
        ("FLIGHTS", "LANDING"),
    }
    assert len(stages) == 2
    assert {one.inputs["fileFormat"]["csv"]["skipHeader"] for one in stages} == {1}


def test_what_holds_data_is_protected_in_prod_and_only_there(recorded: Mapping[str, RecordedStack]) -> None:
    protected = {stack: Counter(r.kind for r in recorded[stack].resources if r.protect) for stack in STACKS}
    assert protected == {"prod": {"Database": 2, "Schema": 8, "StageInternal": 2}, "dev": {}, "pr-7": {}}


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_each_type_is_made_with_the_authority_that_may(recorded: Mapping[str, RecordedStack], stack: str) -> None:
    makers = {
        (r.kind, r.provider_name)
        for r in in_snowflake(recorded[stack])
        if r.inputs.get("name") != "CLONE_READER" and not is_of_account_administrators(r)
    }
    assert makers == set(MAKERS.items())


def is_of_account_administrators(grant: RecordedResource) -> bool:
    on = grant.inputs.get("onAccountObject", {}).get("objectType")
    return bool(grant.inputs.get("onAccount")) or on == "RESOURCE MONITOR"


def test_privileges_on_the_account_and_on_monitors_are_granted_by_the_one_role_that_can(
    recorded: Mapping[str, RecordedStack],
) -> None:
    granted = {
        (stack, r.name): r.provider_name
        for stack in STACKS
        for r in in_snowflake(recorded[stack])
        if is_of_account_administrators(r)
    }
    assert granted == dict.fromkeys(
        (
            ("dev", "pr_admin.account"),
            ("prod", "watcher.account"),
            *(("prod", f"watcher.sees.{one}.monitor") for one in ("loading", "transforming", "reporting")),
        ),
        "accountadmin",
    )


def test_a_pull_request_acts_as_one_role_that_has_no_power_over_production(
    recorded: Mapping[str, RecordedStack],
) -> None:
    stack = recorded["pr-7"]
    assert {provider.inputs["role"] for provider in stack.of_type("pulumi:providers:snowflake")} == {"PR_ADMIN_DEV"}
    assert {r.provider_name for r in in_snowflake(stack)} == {"pr-admin"}


def test_who_administers_pull_requests_owns_the_role_that_it_hands_out(recorded: Mapping[str, RecordedStack]) -> None:
    assert recorded["prod"].one("AccountRole", "clone_reader").provider_name == "pr-admin"
    roles = {p.name: p.inputs["role"] for p in recorded["prod"].of_type("pulumi:providers:snowflake")}
    assert roles == {
        "sysadmin": "SYSADMIN",
        "securityadmin": "SECURITYADMIN",
        "users": "SECURITYADMIN",
        "accountadmin": "ACCOUNTADMIN",
        "pr-admin": "PR_ADMIN_DEV",
    }


def test_dev_signs_in_with_no_role_that_it_has_yet_to_make(recorded: Mapping[str, RecordedStack]) -> None:
    roles = {p.inputs["role"] for p in recorded["dev"].of_type("pulumi:providers:snowflake")}
    assert roles == {"SYSADMIN", "SECURITYADMIN", "ACCOUNTADMIN"}


@pytest.mark.parametrize("stack", STACKS)
def test_providers_are_told_a_role_and_nothing_else_whatever_the_environment_holds(
    run_stack: Callable[..., RecordedStack], monkeypatch: pytest.MonkeyPatch, stack: str
) -> None:
    for name in ("PASSWORD", "PRIVATE_KEY_PASSPHRASE", "PRIVATE_KEY", "USER", "HOST", "WAREHOUSE", "ROLE"):
        monkeypatch.setenv(f"SNOWFLAKE_{name}", "hunter2")
    providers = run_stack(stack).of_type("pulumi:providers:snowflake")
    assert providers
    told = {provider.name: provider.inputs.keys() - {"role"} for provider in providers}
    assert {name: more for name, more in told.items() if more} == (
        {} if stack == "pr-7" else {"users": {"experimentalFeaturesEnableds"}}
    )
    assert "hunter2" not in {value for provider in providers for value in provider.inputs.values()}


def test_the_provider_that_makes_users_is_told_the_one_feature_that_identities_take(
    recorded: Mapping[str, RecordedStack],
) -> None:
    (users,) = [p for p in recorded["dev"].of_type("pulumi:providers:snowflake") if p.name == "users"]
    assert json.loads(users.inputs["experimentalFeaturesEnableds"]) == ["USER_ENABLE_DEFAULT_WORKLOAD_IDENTITY"]


@pytest.mark.parametrize("stack", STACKS)
def test_every_type_that_takes_a_comment_says_whose_it_is(run_stack: Callable[..., RecordedStack], stack: str) -> None:
    more = {} if stack == "pr-7" else {"allowed_cidrs": ["192.0.2.0/24"], "tags": True, "edition": "enterprise"}
    recorded = run_stack(stack, owner="data-team", cost_centre="4711", **more)
    commented = [r for r in in_snowflake(recorded) if r.kind in COMMENTED]
    expected = f"[deployment={stack} owner=data-team cost_centre=4711; managed by Pulumi]"
    assert commented
    assert [r.urn for r in commented if not r.inputs.get("comment", "").endswith(expected)] == []


@pytest.mark.parametrize("stack", STACKS)
def test_components_hold_everything_and_say_what_they_made(recorded: Mapping[str, RecordedStack], stack: str) -> None:
    resources = recorded[stack].resources
    components = {r.urn for r in resources if r.type_token.startswith("platform:snowflake:")}
    assert [r.name for r in in_snowflake(recorded[stack]) if r.parent not in components] == []
    assert components == recorded[stack].component_outputs.keys()
    assert all(recorded[stack].component_outputs.values())


def identifier(made: RecordedResource) -> str:
    """How others name a resource: account-level ones as they are, what a database holds with quotes."""
    parts = [made.inputs[key] for key in ("database", "schema", "name") if key in made.inputs]
    return parts[0] if len(parts) == 1 else ".".join(f'"{part}"' for part in parts)


def named(value: object) -> set[str]:
    """Every text in the inputs of a resource."""
    if isinstance(value, Mapping):
        return set().union(*(named(inner) for key, inner in value.items() if key != "name"))
    return {value} if isinstance(value, str) else set()


@pytest.mark.parametrize("stack", STACKS)
def test_nothing_is_made_before_what_it_names_and_all_of_it_is_replaced_with_that(
    run_stack: Callable[..., RecordedStack], stack: str
) -> None:
    made = in_snowflake(run_stack(stack, **({} if stack == "pr-7" else {"allowed_cidrs": ["192.0.2.0/24"]})))
    urns = {identifier(one): one.urn for one in made if "name" in one.inputs}
    assert len(urns) == len([one for one in made if "name" in one.inputs])
    named_by = {
        one.name: ({urns[text] for text in named(one.inputs) if text in urns}, one.dependencies) for one in made
    }
    assert sum(len(names) for names, _ in named_by.values()) > 50
    assert {urn: names - depends for urn, (names, depends) in named_by.items() if names - depends} == {}


@pytest.mark.parametrize("stack", STACKS)
def test_the_stage_is_made_after_its_schema(recorded: Mapping[str, RecordedStack], stack: str) -> None:
    assert (
        recorded[stack].one("Schema", "raw.shop").urn
        in recorded[stack].one("StageInternal", "raw.shop.landing").dependencies
    )


def test_labels_become_tags_where_the_stack_asks_for_it(run_stack: Callable[..., RecordedStack]) -> None:
    recorded = run_stack("prod", tags=True, cost_centre="4711")
    associations = {r.name: r.inputs for r in recorded.of_type("TagAssociation")}
    assert associations["labels.cost_centre.warehouse"] == {
        "objectIdentifiers": ['"LOADING"', '"TRANSFORMING"', '"REPORTING"'],
        "objectType": "WAREHOUSE",
        "tagId": '"ANALYTICS"."GOVERNANCE"."COST_CENTRE"',
        "tagValue": "4711",
    }
    assert len(associations) == 6
    assert recorded.one("Schema", "labels").protect
    assert not run_stack("prod").of_type("TagAssociation")


def test_an_account_apart_from_dev_has_no_role_for_clones(run_stack: Callable[..., RecordedStack]) -> None:
    prod = run_stack("prod", clone_production=False)
    assert "CLONE_READER" not in prod.inputs_by_name("AccountRole")
    assert [p.name for p in prod.of_type("pulumi:providers:snowflake") if p.name == "pr-admin"] == []
    transformer = [r.inputs["roleName"] for r in run_stack("pr-7", clone_production=False).of_type("GrantAccountRole")]
    assert "CLONE_READER" not in transformer
