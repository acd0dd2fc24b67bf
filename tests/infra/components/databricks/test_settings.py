import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from platform_contract.deployment import Deployment, Trait, pull_request
from platform_infra.databricks.cloud_storage import StorageTrust
from platform_infra.databricks.settings import DatabricksSettings, databricks_settings
from platform_infra.stack_settings.errors import StackSettingsError

from tests.deployments import DEV, PROD

PROJECT = "platform-databricks"
COMMON = {"owner": "data", "cost_centre": "42", "cloud": "aws", "region": "eu-west-1"}


def values(workspaces: Mapping[str, Any], **stated: object) -> dict[str, object]:
    return {**COMMON, "workspaces": workspaces, **stated}


def read(workspaces: Mapping[str, Any], deployment: Deployment = DEV, **stated: object) -> DatabricksSettings:
    return databricks_settings(deployment, values(workspaces, **stated), PROJECT)[0]


def changed(workspaces: Mapping[str, Any], path: str, value: object) -> dict[str, Any]:
    """A copy of the table with one value of dev's entry set, or removed where the value is None."""
    table = copy.deepcopy(dict(workspaces))
    *parents, key = path.split(".")
    place = table["dev"]
    for parent in parents:
        place = place[parent]
    if value is None:
        del place[key]
    else:
        place[key] = value
    return table


def test_what_a_stack_leaves_out_is_the_cautious_value(workspaces: Mapping[str, Any]) -> None:
    settings = read(workspaces)
    assert settings.storage_trust is StorageTrust.PENDING
    warehouse = settings.sql_warehouse
    assert (warehouse.size, warehouse.max_clusters, warehouse.serverless) == ("2X-Small", 1, True)
    assert warehouse.auto_stop_minutes == 10
    assert settings.budget is None


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ({"sql_warehous": {}}, "did you mean 'sql_warehouse'"),
        ({"sql_warehouse": {"sise": "Small"}}, "did you mean 'size'"),
        ({"sql_warehouse": {"size": "Huge"}}, "sql_warehouse.size: Input should be '2X-Small'"),
        ({"sql_warehouse": {"auto_stop_minutes": 11}}, "less than or equal to 10"),
        ({"sql_warehouse": {"auto_stop_minutes": 0}}, "greater than or equal to 1"),
        ({"sql_warehouse": {"max_clusters": 41}}, "less than or equal to 10"),
        ({"sql_warehouse": {"spot_policy": "CHEAP"}}, "spot_policy: Input should be 'COST_OPTIMIZED'"),
        ({"sql_warehouse": {"serverless": False, "auto_stop_minutes": 5}}, "needs serverless: true"),
        ({"job_clusters": {"max_dbus_per_hour": 0}}, "greater than or equal to 1"),
        ({"storage_trust": "done"}, "storage_trust: Input should be 'pending' or 'established'"),
        ({"budget": {"monthly_usd": 5, "alert_emails": []}}, "at least 1 item"),
        ({"budget": {"monthly_usd": 5, "alert_emails": ["nobody"]}}, "alert_emails"),
        ({"cloud": "gcp"}, "stack dev, platform-databricks:cloud is gcp, but the storage is in aws"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(
    workspaces: Mapping[str, Any], stated: dict[str, object], message: str
) -> None:
    with pytest.raises(StackSettingsError, match=message):
        read(workspaces, DEV, **stated)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        ("host", "example.cloud.databricks.com", "workspaces.dev.host"),
        ("host", "https://example.cloud.databricks.com/?o=1", "workspaces.dev.host"),
        ("workspace_id", 0, "workspaces.dev.workspace_id"),
        ("metastore_id", "metastore", "workspaces.dev.metastore_id"),
        ("account_id", None, "identities of kind managed are made in the account: set account_id"),
        ("storage.root", "/mnt/lake", "write it like s3://"),
        ("storage.root", "s3://UPPER/x", "write it like s3://"),
        ("storage.root", "s3://lake/../other", "write it like s3://"),
        ("storage.role_arn", "arn:aws:iam::1:user/x", "role_arn"),
        ("storage.role_arm", "x", "did you mean 'role_arn'"),
        ("storage.cloud", "ibm", "expected tags"),
        ("identities.kind", "workspace", "expected tags"),
        ("identities.github_repository", "no-slash", "github_repository"),
        ("identities.pods.issuer", "http://cluster.example", "pods.issuer"),
        ("identities.pods.subject", "data-platform", "pods.subject"),
        ("shared_with", [{"workspace_id": 1111111111111111, "access": "read_only"}], "breaks destroy"),
        ("shared_with", [{"workspace_id": 5, "access": "read_only"}] * 2, "lists a workspace twice"),
        ("shared_with", [{"workspace_id": 5, "access": "read_only", "storage": True}], "cannot be shared read-only"),
        ("shared_with", [{"workspace_id": 5, "access": "write_only"}], "access"),
    ],
)
def test_a_wrong_workspace_is_refused_by_name(
    workspaces: Mapping[str, Any], path: str, value: object, message: str
) -> None:
    with pytest.raises(StackSettingsError, match=message):
        read(changed(workspaces, path, value))


@pytest.mark.parametrize(("deployment", "other"), [(PROD, "dev"), (DEV, "prod"), (pull_request(7), "prod")])
def test_no_deployment_falls_back_on_the_workspace_of_another(
    workspaces: Mapping[str, Any], deployment: Deployment, other: str
) -> None:
    with pytest.raises(StackSettingsError, match=f"stack {deployment} has no workspace: fill in"):
        read({other: workspaces[other]}, deployment)


@pytest.mark.parametrize("key", ["storage_trust", "sql_warehouse", "job_clusters", "budget"])
def test_a_pull_request_cannot_set_what_dev_alone_has(workspaces: Mapping[str, Any], key: str) -> None:
    with pytest.raises(StackSettingsError, match=f"stack pr-7 cannot set {PROJECT}:{key}"):
        read(workspaces, pull_request(7), **{key: "anything"})


EXISTING = {
    "kind": "existing",
    "engineers": "data engineers",
    "analysts": "analysts",
    "pipelines": "pipelines",
    "clone_readers": "clone readers",
    "pipeline_principal": "00000000-0000-4000-8000-000000000001",
    "ci_principal": "00000000-0000-4000-8000-000000000002",
}


def test_existing_identities_need_no_account_but_a_budget_does(workspaces: Mapping[str, Any]) -> None:
    table = changed(changed(workspaces, "identities", EXISTING), "account_id", None)
    read(table)
    with pytest.raises(StackSettingsError, match="budget is kept by the account: set account_id"):
        read(table, budget={"monthly_usd": 5, "alert_emails": ["a@b.example"]})


def test_dev_needs_the_principal_that_pull_requests_act_as(workspaces: Mapping[str, Any]) -> None:
    table = changed(workspaces, "identities", {k: v for k, v in EXISTING.items() if k != "ci_principal"})
    with pytest.raises(StackSettingsError, match="name no ci_principal"):
        read(table)


STAGING = replace(DEV, name="staging", traits=frozenset({Trait.STANDING}), shares_settings_of="dev")
OWN = {
    "storage": {"cloud": "aws", "root": "s3://staging/lake", "role_arn": "arn:aws:iam::111111111111:role/staging"},
    "identities": {"kind": "managed"},
}


def test_a_stack_s_own_workspace_takes_host_and_ids_from_the_one_it_shares_settings_with(
    workspaces: Mapping[str, Any],
) -> None:
    _, found = databricks_settings(STAGING, values(workspaces, workspace=OWN), PROJECT)
    dev = workspaces["dev"]
    assert (found.host, found.workspace_id) == (dev["host"], dev["workspace_id"])
    assert (found.storage.root, found.shared_with) == ("s3://staging/lake", ())
    stated = {**OWN, "host": "https://staging.example.com"}
    assert databricks_settings(STAGING, values(workspaces, workspace=stated), PROJECT)[1].host == stated["host"]


@pytest.mark.parametrize(
    ("deployment", "own", "message"),
    [
        # Who runs and where tables are kept is never another deployment's.
        (STAGING, {"identities": OWN["identities"]}, "workspace.storage is missing"),
        (STAGING, {"storage": OWN["storage"]}, "workspace.identities is missing"),
        (STAGING, {**OWN, "storag": {}}, "did you mean 'storage'"),
        (replace(STAGING, shares_settings_of=None), OWN, "workspace.host is missing"),
        (replace(PROD, shares_settings_of="dev"), OWN, "stack prod has two workspaces"),
        (pull_request(7), OWN, "stack pr-7 cannot set platform-databricks:workspace"),
        (STAGING, None, r"stack staging has no workspace: .* or platform-databricks:workspace in Pulumi.staging.yaml"),
    ],
)
def test_a_workspace_that_is_not_a_stack_s_own_is_refused(
    workspaces: Mapping[str, Any], deployment: Deployment, own: dict[str, Any] | None, message: str
) -> None:
    stated = {} if own is None else {"workspace": own}
    with pytest.raises(StackSettingsError, match=message):
        read(workspaces, deployment, **stated)


def test_storage_inside_another_deployment_s_is_refused(workspaces: Mapping[str, Any]) -> None:
    inside = {**OWN["storage"], "root": f"{workspaces['dev']['storage']['root']}/staging"}
    with pytest.raises(StackSettingsError, match=r"staging's storage root .* and dev's .* overlap"):
        read(workspaces, STAGING, workspace={**OWN, "storage": inside})


def test_the_workspace_of_no_deployment_is_refused(workspaces: Mapping[str, Any]) -> None:
    with pytest.raises(StackSettingsError, match="qa is no deployment in the cloud: known are dev, prod"):
        read({**workspaces, "qa": workspaces["dev"]})
