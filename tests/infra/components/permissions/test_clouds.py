"""The proof over the real programs, the real dbt project and everything that is declared, for every deployment."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
import pulumi_databricks as databricks
import pulumi_snowflake as snowflake
import pytest
from platform_contract.deployment import Deployment, parse_deployment, pull_request
from platform_infra.databricks.program import databricks_program
from platform_infra.permissions.access_graph import AccessGraph
from platform_infra.permissions.clouds import CloudAccess, databricks_access, snowflake_access
from platform_infra.permissions.databricks_access import databricks_grants
from platform_infra.permissions.proof import Proof, prove
from platform_infra.permissions.right import Grant, Right
from platform_infra.permissions.snowflake_access import snowflake_grants
from platform_infra.recording.imagined_cloud import imagined_cloud
from platform_infra.recording.recorder import RecordedStack, run_program
from platform_infra.snowflake.program import snowflake_program
from platform_infra.stack_settings.stack_files import stack_files_config

from tests.deployments import PROD

pytestmark = pytest.mark.slow

DEPLOYMENTS = [parse_deployment(name) for name in ("dev", "prod", "pr-7")]


@pytest.fixture(scope="module")
def in_snowflake(root: Path, manifest: Path) -> CloudAccess:
    return snowflake_access(root, PROD, manifest)


@pytest.fixture(scope="module")
def in_databricks(root: Path) -> CloudAccess:
    return databricks_access(root, PROD)


def recorded(root: Path, folder: str, program: Callable[[], None]) -> RecordedStack:
    """The production stack of a program that something was planted in."""
    config = stack_files_config(root / "infra" / folder, "prod")
    trusted = {"platform-databricks:storage_trust": "established"} if folder == "databricks" else {}
    return run_program(program, f"platform-{folder}", "prod", config | trusted, imagined_cloud)


def prove_with(access: CloudAccess, planted: list[Grant]) -> Proof:
    others = [grant for grant in access.graph.grants if grant.stack != "prod"]
    return prove(AccessGraph([*others, *planted]), "prod", access.justified)


def without_privilege(resource: str, privilege: str) -> None:
    """Have whatever is declared from now on lack a privilege."""

    def drop(declared: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult:
        inputs: dict[str, Any] = dict(declared.props)
        if declared.name == resource:
            inputs["privileges"] = [one for one in inputs["privileges"] if one != privilege]
        return pulumi.ResourceTransformationResult(inputs, declared.opts)

    pulumi.runtime.register_stack_transformation(drop)


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=str)
def test_snowflake_grants_what_is_needed_and_nothing_else(root: Path, manifest: Path, deployment: Deployment) -> None:
    access = snowflake_access(root, deployment, manifest)
    proof = prove(access.graph, deployment.name, access.justified)
    assert [str(one.right) for one in proof.missing] == []
    assert [str(one.right) for one in proof.excess] == []
    # Not for want of anything to prove.
    assert len([grant for grant in access.graph.grants if grant.stack == deployment.name]) > 60
    assert len(access.justified) > 60


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=str)
def test_databricks_grants_what_is_needed_and_nothing_else(root: Path, deployment: Deployment) -> None:
    access = databricks_access(root, deployment)
    proof = prove(access.graph, deployment.name, access.justified)
    assert [str(one.right) for one in proof.missing] == []
    assert [str(one.right) for one in proof.excess] == []
    assert [grant for grant in access.graph.grants if grant.stack == deployment.name]


def test_a_grant_that_snowflake_lacks_is_missing(root: Path, in_snowflake: CloudAccess) -> None:
    def program() -> None:
        without_privilege("raw.shop_write.table", "INSERT")
        snowflake_program()

    proof = prove_with(in_snowflake, snowflake_grants(recorded(root, "snowflake", program), "prod"))
    lacking = [one for one in proof.missing if one.reason.pipeline == "raw load"]
    assert {str(one.right) for one in proof.missing} == {"LOADER: INSERT on TABLE RAW.SHOP.*"}
    assert [one.reason.text for one in lacking] == ["looks which files are loaded, and COPY INTO"]
    assert proof.excess == ()


def test_a_grant_too_many_in_snowflake_is_an_excess(root: Path, in_snowflake: CloudAccess) -> None:
    def program() -> None:
        provider = snowflake.Provider("planter", role="SECURITYADMIN")
        options = pulumi.ResourceOptions(provider=provider)
        snowflake.GrantPrivilegesToAccountRole(
            "planted",
            account_role_name="REPORTER",
            privileges=["SELECT"],
            on_schema_object={"future": {"object_type_plural": "TABLES", "in_schema": '"RAW"."SHOP"'}},
            opts=options,
        )
        snowflake.GrantAccountRole("planted", role_name="SYSADMIN", parent_role_name="LOADER", opts=options)
        snowflake_program()

    proof = prove_with(in_snowflake, snowflake_grants(recorded(root, "snowflake", program), "prod"))
    assert proof.missing == ()
    assert {(str(one.right), one.by) for one in proof.excess} == {
        ("REPORTER: SELECT on TABLE RAW.SHOP.*", "planted"),
        ("LOADER: MEMBERSHIP on ROLE SYSADMIN", "planted"),
    }


def test_a_grant_that_databricks_lacks_is_missing(root: Path, in_databricks: CloudAccess) -> None:
    def program() -> None:
        def drop(declared: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult:
            inputs: dict[str, Any] = dict(declared.props)
            if declared.type_.endswith(":Grants") and inputs.get("schema") == "platform.silver":
                inputs["grants"] = [
                    {**one, "privileges": [p for p in one["privileges"] if p != "MODIFY"]} for one in inputs["grants"]
                ]
            return pulumi.ResourceTransformationResult(inputs, declared.opts)

        pulumi.runtime.register_stack_transformation(drop)
        databricks_program()

    proof = prove_with(in_databricks, databricks_grants(recorded(root, "databricks", program), "prod", None))
    assert [str(one.right) for one in proof.missing] == ["platform_pipelines: MODIFY on TABLE platform.silver.*"]
    assert proof.missing[0].reason.pipeline == "lakehouse weather"


def test_a_grant_too_many_on_a_catalog_reaches_into_everything_in_it(root: Path, in_databricks: CloudAccess) -> None:
    def program() -> None:
        provider = databricks.Provider("planter", host="https://planter.example")
        databricks.Grant(
            "planted",
            catalog="platform",
            principal="platform_analysts",
            privileges=["SELECT"],
            opts=pulumi.ResourceOptions(provider=provider),
        )
        databricks_program()

    proof = prove_with(in_databricks, databricks_grants(recorded(root, "databricks", program), "prod", None))
    # Gold is theirs already; the star stands for schemas that nobody has made yet.
    assert {one.right.name for one in proof.excess} == {
        "platform.bronze.*",
        "platform.silver.*",
        "platform.ops.*",
        "platform.*.*",
    }
    assert {one.right.holder for one in proof.excess} == {"platform_analysts"}


def test_who_administers_pull_requests_can_read_production_and_nothing_of_dev(in_snowflake: CloudAccess) -> None:
    graph = in_snowflake.graph
    assert graph.has(Right("PR_ADMIN_DEV", "SELECT", "TABLE", "ANALYTICS.GOLD.*"))
    assert graph.has(Right("CI_RUNNER_DEV", "SELECT", "TABLE", "ANALYTICS.GOLD.*"))
    assert not graph.has(Right("PR_ADMIN_DEV", "INSERT", "TABLE", "ANALYTICS.GOLD.*"))
    assert not graph.has(Right("PR_ADMIN_DEV", "SELECT", "TABLE", "ANALYTICS_DEV.GOLD.*"))


def test_pods_of_a_pull_request_build_its_tables_and_have_no_power_to_make_or_drop_what_holds_them(
    root: Path, manifest: Path
) -> None:
    graph = snowflake_access(root, pull_request(7), manifest).graph
    for may in (
        Right("BRANCH_RUNNER_DEV", "INSERT", "TABLE", "ANALYTICS_PR_7.GOLD.*"),
        Right("BRANCH_RUNNER_DEV", "INSERT", "TABLE", "RAW_PR_7.SHOP.*"),
        Right("BRANCH_RUNNER_DEV", "SELECT", "TABLE", "ANALYTICS.GOLD.*"),
        Right("CI_RUNNER_DEV", "OWNERSHIP", "DATABASE", "ANALYTICS_PR_7"),
        Right("CI_RUNNER_DEV", "CREATE DATABASE", "ACCOUNT", "account"),
    ):
        assert graph.has(may), may
    for may_not in (
        Right("BRANCH_RUNNER_DEV", "OWNERSHIP", "DATABASE", "ANALYTICS_PR_7"),
        Right("BRANCH_RUNNER_DEV", "OWNERSHIP", "ROLE", "TRANSFORMER_PR_7"),
        Right("BRANCH_RUNNER_DEV", "CREATE DATABASE", "ACCOUNT", "account"),
        Right("BRANCH_RUNNER_DEV", "INSERT", "TABLE", "ANALYTICS.GOLD.*"),
        Right("BRANCH_RUNNER_DEV", "SELECT", "TABLE", "ANALYTICS_DEV.GOLD.*"),
    ):
        assert not graph.has(may_not), may_not


def test_what_takes_account_administrators_is_told_with_why_and_nothing_else_is_applied_by_them(
    in_snowflake: CloudAccess,
) -> None:
    applied: dict[str, set[str]] = {}
    for grant in in_snowflake.graph.grants:
        if grant.right.holder == "ACCOUNTADMIN":
            applied.setdefault(grant.stack, set()).add(grant.right.name)
    made = {"ResourceMonitor", "Warehouse", "GrantPrivilegesToAccountRole on ACCOUNT"}
    assert applied == {
        "prod": {*made, "GrantPrivilegesToAccountRole on RESOURCE MONITOR"},
        "dev": made,
    }
    reasons = {one.right.name: one.reason.text for one in in_snowflake.justified if one.right.holder == "ACCOUNTADMIN"}
    assert reasons.keys() == applied["prod"]


def test_one_thing_more_that_account_administrators_apply_is_an_excess(root: Path, in_snowflake: CloudAccess) -> None:
    def program() -> None:
        snowflake_program()
        admin = snowflake.Provider("planted-admin", role="ACCOUNTADMIN")
        snowflake.AccountRole("planted", name="LOADER", opts=pulumi.ResourceOptions(provider=admin))

    proof = prove_with(in_snowflake, snowflake_grants(recorded(root, "snowflake", program), "prod"))
    assert "ACCOUNTADMIN: APPLY on EVERY AccountRole" in {str(one.right) for one in proof.excess}
