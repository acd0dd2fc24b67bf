from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.fakes.pulumi_mocks.recorder import RecordedStack
from tests.fakes.pulumi_provider.cloud import Request
from tests.fakes.pulumi_provider.databricks.databricks_cloud import DatabricksCloud
from tests.fakes.pulumi_provider.databricks.store import MemoryLakehouseStore

GROUP = "databricks:index/group:Group"
MEMBER = "databricks:index/groupMember:GroupMember"
PRINCIPAL = "databricks:index/servicePrincipal:ServicePrincipal"
FEDERATION = "databricks:index/servicePrincipalFederationPolicy:ServicePrincipalFederationPolicy"
ASSIGNMENT = "databricks:index/mwsPermissionAssignment:MwsPermissionAssignment"

EXISTING = {
    "kind": "existing",
    "engineers": "Data Engineering",
    "analysts": "BI",
    "pipelines": "Pipelines",
    "clone_readers": "Clone Readers",
    "pipeline_principal": "00000000-0000-4000-8000-000000000001",
    "ci_principal": "00000000-0000-4000-8000-000000000002",
}


def with_identities(workspaces: Mapping[str, Any], deployment: str, identities: dict[str, Any]) -> dict[str, Any]:
    return {**workspaces, deployment: {**workspaces[deployment], "identities": identities}}


def test_groups_and_principals_carry_the_deployment_in_their_name(recorded: Mapping[str, RecordedStack]) -> None:
    def display_names(stack: str, token: str) -> set[str]:
        return {resource.inputs["displayName"] for resource in recorded[stack].of_type(token)}

    assert display_names("dev", GROUP) == {
        "platform_engineers_dev",
        "platform_analysts_dev",
        "platform_pipelines_dev",
    }
    assert display_names("prod", GROUP) == {
        "platform_engineers",
        "platform_analysts",
        "platform_pipelines",
        "platform_clone_readers",
    }
    assert display_names("dev", PRINCIPAL) == {"platform_pipeline_dev", "platform_ci_dev"}
    assert display_names("prod", PRINCIPAL) == {"platform_pipeline"}


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_a_destroyed_principal_is_gone_and_not_deactivated(recorded: Mapping[str, RecordedStack], stack: str) -> None:
    cloud = DatabricksCloud({"workspace.example": "1"}, MemoryLakehouseStore())
    session = cloud.sign_in({"host": "https://accounts.example", "accountId": "a"})
    for declared in recorded[stack].of_type(PRINCIPAL):
        call = Request(session, PRINCIPAL, declared.name, 0)
        cloud.delete(call, cloud.create(call, dict(declared.inputs)).id)

    assert cloud.inventory.everything() == []


def test_the_pipeline_principal_acts_as_a_member_of_the_pipelines(recorded: Mapping[str, RecordedStack]) -> None:
    (member,) = recorded["dev"].of_type(MEMBER)
    principals = recorded["dev"].outputs["principals"]
    assert dict(member.inputs) == {
        "groupId": "platform_pipelines-id",
        "memberId": principals["platform_pipeline"]["account_id"],
    }


CLUSTER = "https://oidc.eks.eu-west-1.amazonaws.com/id/example"


def federated(stack: RecordedStack) -> dict[str, tuple[dict[str, Any], int]]:
    """What each policy trusts, and for which principal, by the policy's name."""
    return {
        policy.name.partition(".")[2]: (policy.inputs["oidcPolicy"], policy.inputs["servicePrincipalId"])
        for policy in stack.of_type(FEDERATION)
    }


def pods_of(namespace: str) -> dict[str, Any]:
    subject = f"system:serviceaccount:{namespace}:data-platform"
    return {"issuer": CLUSTER, "audiences": ["databricks"], "subject": subject}


def test_jobs_and_pods_sign_in_without_a_secret(recorded: Mapping[str, RecordedStack]) -> None:
    principals = {
        name: {kind: int(one["account_id"]) for kind, one in recorded[name].outputs["principals"].items()}
        for name in ("dev", "prod")
    }
    github = {
        "issuer": "https://token.actions.githubusercontent.com",
        "audiences": ["00000000-0000-4000-8000-00000000000b"],
        "subject": "repo:example-org/data-platform:environment:pull-requests",
    }
    assert federated(recorded["dev"]) == {
        "pull-requests": (github, principals["dev"]["platform_ci"]),
        "pods": (pods_of("data-platform-dev"), principals["dev"]["platform_pipeline"]),
        "branch-pods": (pods_of("data-platform-pull-requests"), principals["dev"]["platform_ci"]),
    }
    assert federated(recorded["prod"]) == {
        "pods": (pods_of("data-platform-prod"), principals["prod"]["platform_pipeline"])
    }


def test_without_a_repository_and_a_cluster_nobody_is_federated_and_a_secret_is_asked_for(
    run_stack: Callable[..., RecordedStack], workspaces: Mapping[str, Any]
) -> None:
    alone = with_identities(workspaces, "dev", {"kind": "managed"})
    stack = run_stack("dev", storage_trust="established", workspaces=alone)
    assert stack.of_type(FEDERATION) == []
    assert any("DATABRICKS_CLIENT_SECRET" in step for step in stack.outputs["next_steps"])


def test_who_works_in_the_workspace_is_let_in(recorded: Mapping[str, RecordedStack]) -> None:
    def let_in(stack: str) -> set[str]:
        return {assignment.name.partition(".")[0] for assignment in recorded[stack].of_type(ASSIGNMENT)}

    # The pipeline's principal comes in with its group; whoever clones production does it elsewhere.
    people = {"platform_engineers", "platform_analysts", "platform_pipelines"}
    assert let_in("dev") == people | {"platform_ci"}
    assert let_in("prod") == people
    assert all(
        (a.inputs["workspaceId"], a.inputs["permissions"]) == ("2222222222222222", ["USER"])
        for a in recorded["prod"].of_type(ASSIGNMENT)
    )


def test_dev_s_principal_clones_production_once_it_is_listed_there(
    run_stack: Callable[..., RecordedStack], workspaces: Mapping[str, Any]
) -> None:
    listed = with_identities(workspaces, "prod", {"kind": "managed", "clone_readers": [70123]})
    members = run_stack("prod", workspaces=listed).of_type(MEMBER)
    assert {(m.inputs["groupId"], m.inputs["memberId"]) for m in members} >= {("platform_clone_readers-id", "70123")}


def test_existing_groups_are_granted_to_by_their_own_names_and_nothing_is_made(
    run_stack: Callable[..., RecordedStack], workspaces: Mapping[str, Any]
) -> None:
    stack = run_stack("dev", storage_trust="established", workspaces=with_identities(workspaces, "dev", EXISTING))
    assert [stack.of_type(token) for token in (GROUP, PRINCIPAL, MEMBER, ASSIGNMENT, FEDERATION)] == [[]] * 5
    principals = {
        entry["principal"]
        for grants in stack.of_type("databricks:index/grants:Grants")
        for entry in grants.inputs["grants"]
    }
    assert principals == {"Data Engineering", "BI", "Pipelines", EXISTING["ci_principal"]}
    assert stack.outputs["environment"]["DATABRICKS_CLIENT_ID"] == EXISTING["pipeline_principal"]


def test_a_pull_request_grants_to_dev_s_existing_groups(
    run_stack: Callable[..., RecordedStack], workspaces: Mapping[str, Any]
) -> None:
    stack = run_stack("pr-7", workspaces=with_identities(workspaces, "dev", EXISTING))
    grants = stack.of_type("databricks:index/grants:Grants")
    assert {entry["principal"] for g in grants for entry in g.inputs["grants"]} == {"Data Engineering"}


def test_without_anything_to_make_in_the_account_nobody_signs_in_there(
    run_stack: Callable[..., RecordedStack], workspaces: Mapping[str, Any]
) -> None:
    table = with_identities(workspaces, "prod", EXISTING)
    with_budget = run_stack("prod", workspaces=table)
    assert {p.name for p in with_budget.of_type("pulumi:providers:databricks")} == {"workspace", "account"}
    without = run_stack("pr-7", workspaces=table)
    assert {p.name for p in without.of_type("pulumi:providers:databricks")} == {"workspace"}
