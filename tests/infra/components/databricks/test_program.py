import json
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.fakes.pulumi_mocks.recorder import RecordedResource, RecordedStack

DATA_HOLDERS = {"Catalog", "Schema", "Volume", "ExternalLocation", "StorageCredential", "Group", "ServicePrincipal"}
ACCOUNT_TYPES = {
    "Group",
    "GroupMember",
    "ServicePrincipal",
    "ServicePrincipalFederationPolicy",
    "MwsPermissionAssignment",
    "Budget",
    "BudgetPolicy",
    "AccessControlRuleSet",
}


def objects(stack: RecordedStack) -> list[RecordedResource]:
    return [resource for resource in stack.resources if resource.type_token.startswith("databricks:")]


def kind(resource: RecordedResource) -> str:
    return resource.type_token.rpartition(":")[2]


def counts(stack: RecordedStack) -> Counter[str]:
    return Counter(kind(resource) for resource in objects(stack))


@pytest.fixture(params=["dev", "prod", "pr-7"])
def stack(request: pytest.FixtureRequest, recorded: Mapping[str, RecordedStack]) -> RecordedStack:
    return recorded[request.param]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "dev",
            {
                "StorageCredential": 1,
                "ExternalLocation": 1,
                "Catalog": 1,
                "Schema": 4,
                "Volume": 2,
                "SqlEndpoint": 1,
                "ClusterPolicy": 1,
                "Permissions": 2,
                "Group": 3,
                "ServicePrincipal": 2,
                "ServicePrincipalFederationPolicy": 3,
                "GroupMember": 1,
                "MwsPermissionAssignment": 4,
                "Budget": 1,
                "BudgetPolicy": 1,
                "AccessControlRuleSet": 1,
                # catalog, four schemas, two volumes, the external location
                "Grants": 8,
                "Grant": 1,
            },
        ),
        (
            "prod",
            {
                "StorageCredential": 1,
                "ExternalLocation": 1,
                "Catalog": 1,
                "Schema": 4,
                "Volume": 2,
                "WorkspaceBinding": 1,
                "SqlEndpoint": 1,
                "ClusterPolicy": 1,
                "Permissions": 2,
                "Group": 4,
                "ServicePrincipal": 1,
                "ServicePrincipalFederationPolicy": 1,
                "GroupMember": 1,
                "MwsPermissionAssignment": 3,
                "Budget": 1,
                "BudgetPolicy": 1,
                "AccessControlRuleSet": 1,
                "Grants": 7,
            },
        ),
        ("pr-7", {"Catalog": 1, "Schema": 4, "Volume": 2, "Grants": 4}),
    ],
)
def test_each_kind_of_stack_makes_its_own_set(
    recorded: Mapping[str, RecordedStack], name: str, expected: dict[str, int]
) -> None:
    assert counts(recorded[name]) == expected


@pytest.mark.parametrize(
    ("name", "catalog", "root"),
    [
        ("dev", "platform_dev", "s3://example-lakehouse-dev/platform/dev"),
        ("prod", "platform", "s3://example-lakehouse-prod/platform/prod"),
        ("pr-7", "platform_pr_7", "s3://example-lakehouse-dev/platform/pr-7"),
    ],
)
def test_the_catalog_is_isolated_and_has_storage_of_its_own(
    recorded: Mapping[str, RecordedStack], name: str, catalog: str, root: str
) -> None:
    (made,) = recorded[name].of_type("databricks:index/catalog:Catalog")
    assert made.inputs["name"] == catalog
    assert made.inputs["isolationMode"] == "ISOLATED"
    assert made.inputs["storageRoot"] == root
    assert {s.inputs["catalogName"] for s in recorded[name].of_type("databricks:index/schema:Schema")} == {catalog}


@pytest.mark.parametrize(("name", "expected"), [("dev", "ENABLE"), ("prod", "ENABLE"), ("pr-7", "DISABLE")])
def test_who_keeps_the_tables_is_said_and_not_inherited(
    recorded: Mapping[str, RecordedStack], name: str, expected: str
) -> None:
    (made,) = recorded[name].of_type("databricks:index/catalog:Catalog")
    assert made.inputs["enablePredictiveOptimization"] == expected
    billed = [one for one in recorded[name].outputs["platform"]["uncapped"] if "predictive optimization" in one]
    assert len(billed) == (expected == "ENABLE")


def test_schemas_and_volumes_are_the_same_everywhere(stack: RecordedStack) -> None:
    assert {s.inputs["name"] for s in stack.of_type("databricks:index/schema:Schema")} == {
        "bronze",
        "silver",
        "gold",
        "ops",
    }
    volumes = stack.of_type("databricks:index/volume:Volume")
    assert {(v.inputs["schemaName"], v.inputs["name"], v.inputs["volumeType"]) for v in volumes} == {
        ("ops", "landing", "MANAGED"),
        ("ops", "code", "MANAGED"),
    }


def test_nothing_goes_through_a_provider_that_nobody_configured(stack: RecordedStack) -> None:
    assert {resource.name for resource in objects(stack) if not resource.provider_name} == set()


def test_what_the_account_keeps_goes_through_the_account_and_nothing_else_does(stack: RecordedStack) -> None:
    assert {kind(r) for r in objects(stack) if r.provider_name == "account"} <= ACCOUNT_TYPES
    assert {kind(r) for r in objects(stack) if r.provider_name == "workspace"} & ACCOUNT_TYPES == set()


def test_a_pull_request_never_talks_to_the_account(recorded: Mapping[str, RecordedStack]) -> None:
    assert [p.name for p in recorded["pr-7"].of_type("pulumi:providers:databricks")] == ["workspace"]


def test_providers_are_told_where_and_how_long_and_not_who(
    monkeypatch: pytest.MonkeyPatch, run_stack: Callable[..., RecordedStack]
) -> None:
    for variable in ("DATABRICKS_TOKEN", "DATABRICKS_CLIENT_SECRET", "DATABRICKS_PASSWORD"):
        monkeypatch.setenv(variable, "sesame")
    stack = run_stack("dev")
    providers = {p.name: dict(p.inputs) for p in stack.of_type("pulumi:providers:databricks")}
    assert providers == {
        "workspace": {
            "host": "https://example-dev.cloud.databricks.com",
            "retryTimeoutSeconds": "300",
            "httpTimeoutSeconds": "60",
        },
        "account": {
            "host": "https://accounts.cloud.databricks.com",
            "accountId": "00000000-0000-4000-8000-00000000000b",
            "retryTimeoutSeconds": "300",
            "httpTimeoutSeconds": "60",
        },
    }
    assert "sesame" not in str([dict(r.inputs) for r in stack.resources]) + str(stack.outputs)


def test_prod_protects_what_holds_data_or_members(recorded: Mapping[str, RecordedStack]) -> None:
    protected = {kind(resource) for resource in objects(recorded["prod"]) if resource.protect}
    unprotected = {kind(resource) for resource in objects(recorded["prod"]) if not resource.protect}
    assert protected == DATA_HOLDERS
    assert unprotected & DATA_HOLDERS == set()
    assert not any(resource.protect for name in ("dev", "pr-7") for resource in recorded[name].resources)


def test_only_a_pull_request_is_destroyed_with_its_data(recorded: Mapping[str, RecordedStack]) -> None:
    def forced(name: str) -> set[str]:
        return {kind(resource) for resource in objects(recorded[name]) if resource.inputs.get("forceDestroy")}

    assert forced("pr-7") == {"Catalog", "Schema"}
    assert forced("dev") == forced("prod") == set()


@pytest.mark.parametrize(
    ("name", "cost_centre"), [("dev", "data-platform-dev"), ("prod", "data-platform"), ("pr-7", "data-platform")]
)
def test_every_type_that_takes_a_comment_or_tags_says_whose_it_is(
    recorded: Mapping[str, RecordedStack], name: str, cost_centre: str
) -> None:
    comment = f"[deployment={name} owner=data-platform cost_centre={cost_centre}; managed by Pulumi]"
    tags = {"deployment": name, "owner": "data-platform", "cost_centre": cost_centre}
    for resource in objects(recorded[name]):
        match kind(resource):
            case "Catalog" | "Schema":
                assert resource.inputs["comment"].endswith(comment)
                assert resource.inputs["properties"] == tags
            case "Volume" | "StorageCredential" | "ExternalLocation":
                assert resource.inputs["comment"].endswith(comment)
            case "SqlEndpoint":
                stated = resource.inputs["tags"]["customTags"]
                assert {tag["key"]: tag["value"] for tag in stated} == tags
            case "ClusterPolicy":
                assert resource.inputs["description"].endswith(comment)
                definition = json.loads(resource.inputs["definition"])
                assert {key: definition[f"custom_tags.{key}"]["value"] for key in tags} == tags
            case "BudgetPolicy":
                assert {tag["key"]: tag["value"] for tag in resource.inputs["customTags"]} == tags


def test_a_replacement_deletes_before_it_creates_because_names_are_fixed(stack: RecordedStack) -> None:
    assert all(resource.delete_before_replace for resource in objects(stack))


def test_components_expose_their_children_under_one_platform(stack: RecordedStack) -> None:
    platform = stack.one("platform:databricks:Platform", "databricks")
    components = {r.urn: r for r in stack.resources if r.type_token.startswith("platform:databricks:")}
    assert {r.parent for r in components.values() if r is not platform} == {platform.urn}
    assert {r.parent for r in objects(stack)} <= components.keys() - {platform.urn}
    assert components.keys() == stack.component_outputs.keys()


def test_the_same_logical_names_stand_in_dev_and_prod(recorded: Mapping[str, RecordedStack]) -> None:
    def names(name: str) -> set[tuple[str, str]]:
        return {(kind(r), r.name) for r in objects(recorded[name]) if kind(r) in {"Catalog", "Schema", "Volume"}}

    assert names("dev") == names("prod") == names("pr-7")


def test_outputs_say_what_comes_next(recorded: Mapping[str, RecordedStack]) -> None:
    outputs = recorded["prod"].outputs
    assert outputs["environment"] == {
        "DATABRICKS_SERVER_HOSTNAME": "dbc.example",
        "DATABRICKS_HTTP_PATH": "/sql/1.0/warehouses/abc",
        "DATABRICKS_CLIENT_ID": "application of platform_pipeline",
        "DATABRICKS_BUDGET_POLICY_ID": "policy of platform_serverless",
    }
    # A federation policy trusts the pods, so there is no secret to make.
    assert outputs["next_steps"] == ["Put all of environment into the ConfigMap of the agent for prod"]
    assert recorded["pr-7"].outputs["expiry"] == {"days_after_last_update": 7}
    assert "expiry" not in outputs


def test_the_description_says_what_bounds_cost(recorded: Mapping[str, RecordedStack]) -> None:
    described = recorded["prod"].outputs["platform"]
    assert described["sql_warehouses"] == [
        {"name": "platform_sql", "size": "Small", "serverless": True, "max_clusters": 2, "auto_stop_minutes": 10}
    ]
    (policy,) = described["cluster_policies"]
    assert (policy["max_dbus_per_hour"], policy["max_clusters_per_user"], policy["max_workers"]) == (40, 4, 8)
    assert described["budget"] == {"name": "platform_budget", "monthly_usd": 3000}
    assert described["budget_policy"] == "platform_serverless"
    assert "serverless jobs, which budget platform_budget sees by policy platform_serverless" in described["uncapped"]
    assert recorded["pr-7"].outputs["platform"]["sql_warehouses"] == []


def test_the_description_says_who_may_do_what_and_why(recorded: Mapping[str, RecordedStack]) -> None:
    described: list[dict[str, Any]] = recorded["dev"].outputs["platform"]["privileges"]
    granted = {
        (list_entry["principal"], privilege)
        for grants in recorded["dev"].of_type("databricks:index/grants:Grants")
        for list_entry in grants.inputs["grants"]
        for privilege in list_entry["privileges"]
    }
    known = {
        **recorded["dev"].outputs["platform"]["grantees"],
        "platform_ci": "application of platform_ci_dev",
    }
    said = {
        (known[row["grantee"]], privilege)
        for row in described
        if row["securable"] != "metastore"
        for privilege in row["privileges"]
    }
    assert said == granted
    assert all(row["reason"] for row in described)
