import json
from collections.abc import Callable, Mapping
from typing import Any

import pulumi
import pulumi_databricks as databricks
import pytest
from platform_contract.deployment import Deployment, parse_deployment
from platform_infra.databricks.guardrails.rules import databricks_guardrails
from platform_infra.databricks.plan import DatabricksPlan, databricks_plan
from platform_infra.databricks.settings import databricks_settings
from platform_infra.guardrails.guarded_program import run_guarded
from platform_infra.guardrails.guardrail import GuardrailError

from tests.fakes.pulumi_mocks.recorder import RecordedStack, run_program

COMMON = {"owner": "data", "cost_centre": "42", "cloud": "aws", "region": "eu-west-1"}
DEV_ROOT = "s3://example-lakehouse-dev/platform"

type Break = Callable[..., RecordedStack]


@pytest.fixture(scope="session")
def plan_of(workspaces: Mapping[str, Any]) -> Callable[[Deployment], DatabricksPlan]:
    def plan(deployment: Deployment) -> DatabricksPlan:
        stated = {**COMMON, "workspaces": workspaces}
        return databricks_plan(deployment, *databricks_settings(deployment, stated, "platform-databricks"))

    return plan


@pytest.fixture
def program(plan_of: Callable[[Deployment], DatabricksPlan]) -> Break:
    """Run a program that declares something by hand, under the rules of a stack."""

    def run(stack: str, declare: Callable[[pulumi.ResourceOptions], object]) -> RecordedStack:
        def guarded() -> None:
            def declare_all() -> dict[str, Any]:
                provider = databricks.Provider("workspace", host="https://example.cloud.databricks.com")
                declare(pulumi.ResourceOptions(provider=provider))
                return {}

            run_guarded(declare_all, databricks_guardrails(plan_of(parse_deployment(stack))))

        return run_program(guarded, "platform-databricks", stack, {})

    return run


def refused(run: Break, stack: str, declare: Callable[[pulumi.ResourceOptions], object]) -> str:
    with pytest.raises(GuardrailError) as error:
        run(stack, declare)
    return str(error.value)


def grants(opts: pulumi.ResourceOptions, name: str, *privileges: str, principal: str = "g", **on: Any) -> None:  # noqa: ANN401 - any input
    listed = databricks.GrantsGrantArgs(principal=principal, privileges=list(privileges))
    databricks.Grants(name, grants=[listed], opts=opts, **on)


@pytest.mark.parametrize("on", ["catalog", "schema", "volume", "external_location"])
def test_a_second_list_for_one_securable_is_refused(program: Break, on: str) -> None:
    def declare(opts: pulumi.ResourceOptions) -> None:
        grants(opts, "first", "SELECT", **{on: "platform_dev"})
        grants(opts, "second", "MODIFY", **{on: "PLATFORM_DEV"})

    message = refused(program, "dev", declare)
    assert f"Grants 'second': says who may use {on} 'platform_dev', and Grants 'first' says so already" in message
    assert "Fix: put all of it into one list" in message


def test_lists_about_different_securables_stand_side_by_side(program: Break) -> None:
    def declare(opts: pulumi.ResourceOptions) -> None:
        grants(opts, "first", "SELECT", schema="platform_dev.a")
        grants(opts, "second", "SELECT", schema="platform_dev.b")
        grants(opts, "third", "SELECT", catalog="platform_dev")

    assert len(program("dev", declare).of_type("Grants")) == 3


def test_a_list_about_two_securables_is_refused(program: Break) -> None:
    message = refused(program, "dev", lambda o: grants(o, "both", "SELECT", catalog="a", schema="a.b"))
    assert "Grants 'both': names 2 objects. Fix: name exactly one securable" in message


def test_a_list_about_nothing_is_refused(program: Break) -> None:
    assert "Grants 'none': names 0 objects" in refused(program, "dev", lambda o: grants(o, "none", "SELECT"))


def test_a_single_grant_beside_a_list_is_refused(program: Break) -> None:
    def declare(opts: pulumi.ResourceOptions) -> None:
        grants(opts, "all", "SELECT", catalog="platform_dev")
        databricks.Grant("one", catalog="platform_dev", principal="h", privileges=["SELECT"], opts=opts)

    assert "Grant 'one': says who may use catalog 'platform_dev', and Grants 'all'" in refused(program, "dev", declare)


def test_a_second_list_of_rights_on_one_warehouse_is_refused(program: Break) -> None:
    def declare(opts: pulumi.ResourceOptions) -> None:
        for name in ("first", "second"):
            rights = [databricks.PermissionsAccessControlArgs(group_name="g", permission_level="CAN_USE")]
            databricks.Permissions(name, sql_endpoint_id="abc", access_controls=rights, opts=opts)

    assert "Permissions 'second': says who may use sql_endpoint_id 'abc'" in refused(program, "dev", declare)


def test_a_second_rule_set_of_one_budget_policy_is_refused(program: Break) -> None:
    def declare(opts: pulumi.ResourceOptions) -> None:
        rules = [databricks.AccessControlRuleSetGrantRuleArgs(role="roles/budgetPolicy.user", principals=["groups/g"])]
        for name in ("first", "second"):
            databricks.AccessControlRuleSet(name, name="accounts/a/budgetPolicies/p", grant_rules=rules, opts=opts)

    assert "AccessControlRuleSet 'second': says who may use name" in refused(program, "dev", declare)


def test_a_role_for_everybody_is_refused(program: Break) -> None:
    def declare(opts: pulumi.ResourceOptions) -> None:
        rules = [databricks.AccessControlRuleSetGrantRuleArgs(role="roles/r", principals=["groups/account users"])]
        databricks.AccessControlRuleSet("r", name="accounts/a/budgetPolicies/p", grant_rules=rules, opts=opts)

    assert "AccessControlRuleSet 'r': grants to 'groups/account users'" in refused(program, "dev", declare)


@pytest.mark.parametrize("privilege", ["SELEKT", "ALL_PRIVILEGES", "MANAGE", "select"])
def test_an_invented_or_boundless_privilege_is_refused(program: Break, privilege: str) -> None:
    message = refused(program, "dev", lambda o: grants(o, "g", privilege, catalog="platform_dev"))
    assert f"Grants 'g': privileges {privilege!r} is not legal. Fix: use CREATE_CATALOG" in message


@pytest.mark.parametrize("everybody", ["account users", "users", "Admins"])
def test_a_grant_to_everybody_is_refused(program: Break, everybody: str) -> None:
    message = refused(program, "dev", lambda o: grants(o, "g", "SELECT", principal=everybody, catalog="platform_dev"))
    assert f"Grants 'g': grants to {everybody!r}. Fix: grant to a group of the platform" in message


def test_a_right_for_everybody_is_refused(program: Break) -> None:
    def declare(opts: pulumi.ResourceOptions) -> None:
        rights = [databricks.PermissionsAccessControlArgs(group_name="users", permission_level="CAN_USE")]
        databricks.Permissions("p", sql_endpoint_id="abc", access_controls=rights, opts=opts)

    assert "Permissions 'p': grants to 'users'" in refused(program, "dev", declare)


@pytest.mark.parametrize(
    ("declare", "message"),
    [
        (
            lambda o: databricks.Catalog("c", name="c", isolation_mode="OPEN", opts=o),
            "Catalog 'c': isolation_mode 'OPEN' is not legal. Fix: use ISOLATED",
        ),
        (
            lambda o: databricks.Catalog("c", name="c", enable_predictive_optimization="INHERIT", opts=o),
            "Catalog 'c': enable_predictive_optimization 'INHERIT' is not legal. Fix: use DISABLE, ENABLE",
        ),
        (
            lambda o: databricks.Catalog("c", name="c", isolation_mode="ISOLATED", opts=o),
            "Catalog 'c': leaves enable_predictive_optimization to the account, where it is on. Fix: say ENABLE",
        ),
        (
            lambda o: databricks.ServicePrincipal("p", display_name="p", opts=o),
            "ServicePrincipal 'p': is left in the account when it is destroyed. Fix: set disable_as_user_deletion",
        ),
        (
            lambda o: databricks.Catalog("c", name="c", isolation_mode="ISOLATED_ISH", opts=o),
            "isolation_mode 'ISOLATED_ISH'",
        ),
        (
            lambda o: databricks.ExternalLocation(
                "l", url=DEV_ROOT, credential_name="c", isolation_mode="ISOLATED", opts=o
            ),
            "ExternalLocation 'l': isolation_mode 'ISOLATED' is not legal. Fix: use ISOLATION_MODE_ISOLATED",
        ),
        (
            lambda o: databricks.SqlEndpoint(
                "w", cluster_size="Small", auto_stop_mins=5, max_num_clusters=1, spot_instance_policy="CHEAP", opts=o
            ),
            "SqlEndpoint 'w': spot_instance_policy 'CHEAP' is not legal",
        ),
        (
            lambda o: databricks.WorkspaceBinding(
                "b", securable_name="c", workspace_id="5", binding_type="READ_ONLY", opts=o
            ),
            "WorkspaceBinding 'b': binding_type 'READ_ONLY' is not legal",
        ),
        (
            lambda o: databricks.Volume("v", catalog_name="c", schema_name="s", volume_type="EXTERNAL", opts=o),
            "Volume 'v': is external and has no storage_location. Fix: name its folder, or make it MANAGED",
        ),
    ],
)
def test_what_the_provider_takes_unread_is_refused(
    program: Break, declare: Callable[[pulumi.ResourceOptions], object], message: str
) -> None:
    assert message in refused(program, "dev", declare)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("https://lake.example/x", "is no address of cloud storage"),
        ("s3://somebody-else/x", f"s3://somebody-else/x lies outside {DEV_ROOT}"),
    ],
)
def test_a_location_that_is_none_or_lies_elsewhere_is_refused(program: Break, url: str, message: str) -> None:
    def declare(opts: pulumi.ResourceOptions) -> None:
        databricks.ExternalLocation("l", url=url, credential_name="c", opts=opts)

    found = refused(program, "dev", declare)
    assert "ExternalLocation 'l'" in found
    assert message in found


def test_overlapping_locations_are_refused(program: Break) -> None:
    def declare(opts: pulumi.ResourceOptions) -> None:
        databricks.ExternalLocation("outer", url=DEV_ROOT, credential_name="c", opts=opts)
        databricks.ExternalLocation("inner", url=f"{DEV_ROOT}/landing", credential_name="c", opts=opts)

    message = refused(program, "dev", declare)
    assert f"ExternalLocation 'inner': {DEV_ROOT}/landing overlaps {DEV_ROOT} of ExternalLocation 'outer'" in message
    assert "Fix: give each a folder of its own" in message


def test_two_catalogs_in_one_folder_are_refused_and_side_by_side_they_are_not(program: Break) -> None:
    def declare(first: str, second: str) -> Callable[[pulumi.ResourceOptions], None]:
        def both(opts: pulumi.ResourceOptions) -> None:
            for name, folder in (("a", first), ("b", second)):
                root = f"{DEV_ROOT}/{folder}"
                databricks.Catalog(
                    name, name=name, storage_root=root, enable_predictive_optimization="DISABLE", opts=opts
                )

        return both

    assert "Catalog 'b'" in refused(program, "dev", declare("dev", "dev/more"))
    assert len(program("dev", declare("dev", "dev-more")).of_type("Catalog")) == 2


def test_a_binding_to_its_own_workspace_is_refused(program: Break) -> None:
    def declare(opts: pulumi.ResourceOptions) -> None:
        databricks.WorkspaceBinding("b", securable_name="c", workspace_id="1111111111111111", opts=opts)

    assert "WorkspaceBinding 'b': binds to 1111111111111111, its own workspace" in refused(program, "dev", declare)


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"max_num_clusters": 1}, "SqlEndpoint 'w': stops after None idle minutes. Fix: set auto_stop_mins to 1 to 10"),
        ({"max_num_clusters": 1, "auto_stop_mins": 0}, "stops after 0 idle minutes"),
        ({"max_num_clusters": 1, "auto_stop_mins": 120}, "stops after 120 idle minutes"),
        ({"auto_stop_mins": 5}, "SqlEndpoint 'w': has no limit on its clusters. Fix: set max_num_clusters"),
    ],
)
def test_a_warehouse_without_auto_stop_or_limit_is_refused(
    program: Break, inputs: dict[str, int], message: str
) -> None:
    def declare(opts: pulumi.ResourceOptions) -> None:
        databricks.SqlEndpoint("w", cluster_size="Small", opts=opts, **inputs)  # pyright: ignore[reportArgumentType]

    assert message in refused(program, "dev", declare)


def test_a_cluster_policy_that_caps_no_cost_is_refused(program: Break) -> None:
    definition = json.dumps({"num_workers": {"type": "range", "maxValue": 100}})
    message = refused(program, "dev", lambda o: databricks.ClusterPolicy("p", definition=definition, opts=o))
    assert "ClusterPolicy 'p': caps no cost. Fix: give dbus_per_hour a range with a maxValue" in message


def test_prod_refuses_what_holds_data_and_is_not_protected(program: Break) -> None:
    message = refused(program, "prod", lambda o: databricks.Schema("s", catalog_name="platform", opts=o))
    assert "Schema 's': holds data in prod and is not protected" in message


@pytest.mark.parametrize("stack", ["dev", "prod"])
def test_only_a_pull_request_may_force_destroy(program: Break, stack: str) -> None:
    def declare(opts: pulumi.ResourceOptions) -> None:
        merged = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(protect=True))
        databricks.Catalog("c", name="c", force_destroy=True, opts=merged)

    assert f"Catalog 'c': force_destroy in stack {stack}" in refused(program, stack, declare)


@pytest.mark.parametrize(
    ("declare", "message"),
    [
        (
            lambda o: databricks.Catalog("c", name="platform_dev", opts=o),
            "Catalog 'c': name 'platform_dev' is not this pull request's. Fix: use platform_pr_7",
        ),
        (lambda o: databricks.Catalog("c", name="platform_pr_70", opts=o), "name 'platform_pr_70' is not"),
        (
            lambda o: databricks.Schema("s", catalog_name="platform", name="scratch", opts=o),
            "Schema 's': catalog_name 'platform' is not",
        ),
        (
            lambda o: grants(o, "g", "SELECT", schema="platform.gold"),
            "Grants 'g': schema 'platform.gold' is not this pull request's",
        ),
        (
            lambda o: databricks.Catalog("c", name="platform_pr_7", storage_root=f"{DEV_ROOT}/dev", opts=o),
            f"Catalog 'c': storage_root '{DEV_ROOT}/dev' is not this pull request's. Fix: use {DEV_ROOT}/pr-7",
        ),
        (
            lambda o: grants(o, "g", "CREATE_MANAGED_STORAGE", external_location="platform_lakehouse_dev"),
            "Grants 'g': external_location 'platform_lakehouse_dev' is not",
        ),
        (
            lambda o: databricks.ServicePrincipal("sp", display_name="robot", opts=o),
            "ServicePrincipal 'sp': is none of a pull request's objects (pr-7). Fix: declare it in stack dev",
        ),
        (
            lambda o: databricks.SqlEndpoint("w", cluster_size="Small", auto_stop_mins=5, max_num_clusters=1, opts=o),
            "SqlEndpoint 'w': is none of a pull request's objects",
        ),
        (
            lambda o: databricks.Table(
                "t",
                catalog_name="platform_pr_7",
                schema_name="gold",
                table_type="MANAGED",
                data_source_format="DELTA",
                columns=[],
                opts=o,
            ),
            "Table 't': is none of a pull request's objects",
        ),
    ],
)
def test_a_pull_request_touches_nothing_but_its_own(
    program: Break, declare: Callable[[pulumi.ResourceOptions], object], message: str
) -> None:
    assert message in refused(program, "pr-7", declare)


def test_a_credential_in_a_provider_is_refused_and_not_repeated(program: Break) -> None:
    def declare(opts: pulumi.ResourceOptions) -> None:
        databricks.Provider("mine", token="sesame")  # noqa: S106 - the point of the test

    message = refused(program, "dev", declare)
    assert "databricks 'mine': the input(s) token would be stored in state" in message
    assert "sesame" not in message


def test_every_violation_is_listed_at_once(program: Break) -> None:
    def declare(opts: pulumi.ResourceOptions) -> None:
        grants(opts, "none", "SELEKT", principal="users")

    message = refused(program, "dev", declare)
    assert message.startswith("3 guardrail violation(s)")
