import json
from collections.abc import Callable, Mapping
from typing import Any

from tests.fakes.pulumi_mocks.recorder import RecordedStack

WAREHOUSE = "databricks:index/sqlEndpoint:SqlEndpoint"
POLICY = "databricks:index/clusterPolicy:ClusterPolicy"
BUDGET = "databricks:index/budget:Budget"
BUDGET_POLICY = "databricks:index/budgetPolicy:BudgetPolicy"
RULE_SET = "databricks:index/accessControlRuleSet:AccessControlRuleSet"
EXISTING = {
    "kind": "existing",
    "engineers": "Data Engineering",
    "analysts": "BI",
    "pipelines": "Pipelines",
    "clone_readers": "Clone Readers",
    "pipeline_principal": "00000000-0000-4000-8000-000000000001",
}


def policy_of(stack: RecordedStack) -> dict[str, Any]:
    (policy,) = stack.of_type(POLICY)
    return json.loads(policy.inputs["definition"])


def test_the_sql_warehouse_stops_soon_and_cannot_grow_past_its_limit(recorded: Mapping[str, RecordedStack]) -> None:
    (warehouse,) = recorded["prod"].of_type(WAREHOUSE)
    stated = {key: value for key, value in warehouse.inputs.items() if key != "tags"}
    assert stated == {
        "name": "platform_sql",
        "clusterSize": "Small",
        "minNumClusters": 1,
        "maxNumClusters": 2,
        "autoStopMins": 10,
        "warehouseType": "PRO",
        "enableServerlessCompute": True,
        "spotInstancePolicy": "COST_OPTIMIZED",
    }


def test_a_workspace_without_serverless_gets_a_classic_pro_warehouse(run_stack: Callable[..., RecordedStack]) -> None:
    stated = {"serverless": False, "auto_stop_minutes": 10, "spot_policy": "RELIABILITY_OPTIMIZED"}
    (warehouse,) = run_stack("dev", sql_warehouse=stated).of_type(WAREHOUSE)
    assert warehouse.inputs["enableServerlessCompute"] is False
    assert warehouse.inputs["warehouseType"] == "PRO"
    assert warehouse.inputs["spotInstancePolicy"] == "RELIABILITY_OPTIMIZED"


def test_the_cluster_policy_caps_what_a_job_costs(recorded: Mapping[str, RecordedStack]) -> None:
    definition = policy_of(recorded["prod"])
    assert definition["cluster_type"] == {"type": "fixed", "value": "job"}
    assert definition["dbus_per_hour"] == {"type": "range", "maxValue": 40}
    assert definition["num_workers"]["maxValue"] == definition["autoscale.max_workers"]["maxValue"] == 8
    assert definition["node_type_id"] == {
        "type": "allowlist",
        "values": ["m5d.large", "m5d.xlarge"],
        "defaultValue": "m5d.large",
    }
    assert recorded["prod"].of_type(POLICY)[0].inputs["maxClustersPerUser"] == 4


def test_a_cluster_may_be_of_fixed_size_or_grow_but_either_way_within_the_cap(
    recorded: Mapping[str, RecordedStack],
) -> None:
    # A limit on an attribute makes it obligatory unless it is optional, and a cluster has one of the two.
    definition = policy_of(recorded["dev"])
    assert definition["num_workers"]["isOptional"] is definition["autoscale.max_workers"]["isOptional"] is True


def test_node_types_are_the_settings_own_where_it_lists_some(run_stack: Callable[..., RecordedStack]) -> None:
    definition = policy_of(run_stack("dev", job_clusters={"node_types": ["r6i.large"]}))
    assert definition["node_type_id"]["values"] == definition["driver_node_type_id"]["values"] == ["r6i.large"]


def test_the_budget_watches_the_deployments_own_spending_and_tells_somebody(
    recorded: Mapping[str, RecordedStack],
) -> None:
    (budget,) = recorded["dev"].of_type(BUDGET)
    assert budget.inputs["displayName"] == "platform_budget_dev"
    assert budget.inputs["filter"] == {"tags": [{"key": "deployment", "value": {"operator": "IN", "values": ["dev"]}}]}
    (alert,) = budget.inputs["alertConfigurations"]
    assert (alert["quantityThreshold"], alert["timePeriod"]) == ("500", "MONTH")
    assert alert["actionConfigurations"] == [
        {"actionType": "EMAIL_NOTIFICATION", "target": "data-platform@example.com"}
    ]


def test_without_a_budget_setting_there_is_no_budget(run_stack: Callable[..., RecordedStack]) -> None:
    stack = run_stack("dev", budget=None)
    assert stack.of_type(BUDGET) == []
    assert "budget" not in stack.outputs["platform"]


def test_serverless_jobs_are_tagged_by_a_policy_that_their_principals_may_use(
    recorded: Mapping[str, RecordedStack],
) -> None:
    (policy,) = recorded["dev"].of_type(BUDGET_POLICY)
    (users,) = recorded["dev"].of_type(RULE_SET)
    assert (policy.inputs["policyName"], policy.inputs["bindingWorkspaceIds"]) == (
        "platform_serverless_dev",
        [1111111111111111],
    )
    # What the budget filters by.
    assert {"key": "deployment", "value": "dev"} in policy.inputs["customTags"]
    account = "accounts/00000000-0000-4000-8000-00000000000b"
    assert users.inputs["name"] == f"{account}/budgetPolicies/policy of platform_serverless_dev/ruleSets/default"
    (rule,) = users.inputs["grantRules"]
    assert rule["role"] == "roles/budgetPolicy.user"
    assert set(rule["principals"]) == {
        "groups/platform_pipelines_dev",
        "servicePrincipals/application of platform_ci_dev",
    }


def test_a_workspace_whose_account_is_not_told_has_no_policy_and_says_that_no_budget_sees_its_jobs(
    run_stack: Callable[..., RecordedStack], workspaces: Mapping[str, Any]
) -> None:
    without = {key: value for key, value in workspaces["prod"].items() if key != "account_id"}
    table = {**workspaces, "prod": {**without, "identities": EXISTING}}
    stack = run_stack("prod", workspaces=table, budget=None, storage_trust="established")
    described = stack.outputs["platform"]
    assert (stack.of_type(BUDGET_POLICY), stack.of_type(RULE_SET)) == ([], [])
    assert "DATABRICKS_BUDGET_POLICY_ID" not in stack.outputs["environment"]
    assert "budget_policy" not in {row["compute"] for row in described["compute_rights"]}
    assert any(one.startswith("serverless jobs, which no budget sees") for one in described["uncapped"])
