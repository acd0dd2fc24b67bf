from collections.abc import Mapping

import pytest
from platform_contract.databricks_names import DatabricksNames, Group, Principal
from platform_contract.deployment import Deployment, pull_request
from platform_infra.databricks.argument_error import ArgumentError
from platform_infra.databricks.merged_grants import merged_grants
from platform_infra.databricks.privilege import Privilege
from platform_infra.databricks.privileges_table import PrivilegeRow, privileges_of
from platform_infra.databricks.securable import Securable, SecurableKind

from tests.deployments import DEV, PROD
from tests.fakes.pulumi_mocks.recorder import RecordedStack

METASTORE = "00000000-0000-4000-8000-00000000000a"
GRANTS = "databricks:index/grants:Grants"
SECURABLES = ("catalog", "schema", "volume", "externalLocation")

type Granted = dict[tuple[str, str], dict[str, set[str]]]

READ = {"USE_SCHEMA", "SELECT"}
BUILD = {"USE_SCHEMA", "SELECT", "MODIFY", "CREATE_TABLE"}
FILES = {"READ_VOLUME", "WRITE_VOLUME"}
ENGINEERS, ANALYSTS, PIPELINES = "platform_engineers", "platform_analysts", "platform_pipelines"


def granted(stack: RecordedStack) -> Granted:
    """(kind, name) of the securable → principal → privileges, as the cloud is asked for them."""
    found: Granted = {}
    for resource in stack.of_type(GRANTS):
        (kind,) = [key for key in SECURABLES if key in resource.inputs]
        assert (kind, resource.inputs[kind]) not in found
        found[kind, resource.inputs[kind]] = {
            entry["principal"]: set(entry["privileges"]) for entry in resource.inputs["grants"]
        }
    return found


def standing(catalog: str, suffix: str) -> Granted:
    engineers, analysts, pipelines = (f"{group}{suffix}" for group in (ENGINEERS, ANALYSTS, PIPELINES))
    layer = {engineers: READ, pipelines: BUILD}
    return {
        ("catalog", catalog): {group: {"USE_CATALOG"} for group in (engineers, analysts, pipelines)},
        ("schema", f"{catalog}.bronze"): layer,
        ("schema", f"{catalog}.silver"): layer,
        ("schema", f"{catalog}.gold"): {**layer, analysts: READ},
        ("schema", f"{catalog}.ops"): {engineers: {"USE_SCHEMA"}, pipelines: {"USE_SCHEMA"}},
        ("volume", f"{catalog}.ops.landing"): {engineers: {"READ_VOLUME"}, pipelines: FILES},
        ("volume", f"{catalog}.ops.code"): {pipelines: FILES},
    }


def test_dev_grants_what_each_group_needs_and_lets_pull_requests_in(recorded: Mapping[str, RecordedStack]) -> None:
    continuous_integration = {"application of platform_ci_dev": {"CREATE_MANAGED_STORAGE"}}
    assert granted(recorded["dev"]) == {
        **standing("platform_dev", "_dev"),
        ("externalLocation", "platform_lakehouse_dev"): continuous_integration,
    }
    (on_metastore,) = recorded["dev"].of_type("databricks:index/grant:Grant")
    assert dict(on_metastore.inputs) == {
        "metastore": METASTORE,
        "principal": "application of platform_ci_dev",
        "privileges": ["CREATE_CATALOG"],
    }


def test_prod_grants_the_same_and_lets_its_data_be_cloned(recorded: Mapping[str, RecordedStack]) -> None:
    expected = standing("platform", "")
    expected["catalog", "platform"]["platform_clone_readers"] = {"USE_CATALOG"}
    for layer in ("bronze", "silver", "gold"):
        key = ("schema", f"platform.{layer}")
        expected[key] = {**expected[key], "platform_clone_readers": READ}
    assert granted(recorded["prod"]) == expected
    assert recorded["prod"].of_type("databricks:index/grant:Grant") == []


def test_a_pull_request_lets_engineers_read_and_nobody_else(recorded: Mapping[str, RecordedStack]) -> None:
    assert granted(recorded["pr-7"]) == {
        ("catalog", "platform_pr_7"): {"platform_engineers_dev": {"USE_CATALOG"}},
        **{
            ("schema", f"platform_pr_7.{layer}"): {"platform_engineers_dev": READ}
            for layer in ("bronze", "silver", "gold")
        },
    }


def test_nothing_is_granted_before_securable_and_principal_exist(recorded: Mapping[str, RecordedStack]) -> None:
    stack = recorded["dev"]
    urns = {(r.type_token.rpartition(":")[2], r.name): r.urn for r in stack.resources}
    gold = next(r for r in stack.of_type(GRANTS) if r.inputs.get("schema") == "platform_dev.gold")
    assert urns["Schema", "gold"] in gold.dependencies
    assert {urns["Group", group] for group in (ENGINEERS, ANALYSTS, PIPELINES)} <= gold.dependencies


def test_rights_on_compute_wait_until_their_holders_are_in_the_workspace(
    recorded: Mapping[str, RecordedStack],
) -> None:
    assignments = {
        r.urn for r in recorded["dev"].of_type("databricks:index/mwsPermissionAssignment:MwsPermissionAssignment")
    }
    for rights in recorded["dev"].of_type("databricks:index/permissions:Permissions"):
        assert assignments <= rights.dependencies


@pytest.mark.parametrize("deployment", [DEV, PROD, pull_request(7)])
def test_nobody_holds_power_over_everything(deployment: Deployment) -> None:
    held = {p for row in privileges_of(DatabricksNames(deployment), METASTORE) for p in row.privileges}
    assert not held & {"ALL_PRIVILEGES", "MANAGE", "CREATE_SCHEMA", "EXTERNAL_USE_SCHEMA"}


def test_rows_on_one_securable_become_one_list_with_nothing_twice() -> None:
    gold = Securable(SecurableKind.SCHEMA, "platform.gold")
    bronze = Securable(SecurableKind.SCHEMA, "platform.bronze")
    rows = [
        PrivilegeRow(Group.PIPELINES, gold, (Privilege.USE_SCHEMA, Privilege.MODIFY), "builds"),
        PrivilegeRow(Group.ANALYSTS, gold, (Privilege.SELECT,), "reads"),
        PrivilegeRow(Group.ANALYSTS, bronze, (Privilege.SELECT,), "looks"),
        PrivilegeRow(Group.PIPELINES, gold, (Privilege.SELECT, Privilege.USE_SCHEMA), "reads back"),
    ]
    merged = {one.securable: dict(one.privileges) for one in merged_grants(rows)}
    assert merged == {
        bronze: {Group.ANALYSTS: ("SELECT",)},
        gold: {Group.ANALYSTS: ("SELECT",), Group.PIPELINES: ("MODIFY", "SELECT", "USE_SCHEMA")},
    }
    assert merged_grants(rows) == merged_grants(reversed(rows))


def test_a_privilege_that_a_securable_cannot_carry_is_refused() -> None:
    landing = Securable(SecurableKind.VOLUME, "platform.ops.landing")
    with pytest.raises(
        ArgumentError, match=r"SELECT cannot be granted on volume platform\.ops\.landing: .*READ_VOLUME"
    ):
        PrivilegeRow(Group.ANALYSTS, landing, (Privilege.SELECT,), "reads")


@pytest.mark.parametrize("invented", ["SELEKT", "ALL_PRIVILEGES", "OWNERSHIP", "MANAGE"])
def test_an_invented_or_boundless_privilege_cannot_be_written_down(invented: str) -> None:
    with pytest.raises(ValueError, match="is not a valid Privilege"):
        Privilege(invented)


def test_compute_may_be_used_by_whom_the_table_lists_and_managed_by_nobody(
    recorded: Mapping[str, RecordedStack],
) -> None:
    rights = {r.name: r.inputs for r in recorded["dev"].of_type("databricks:index/permissions:Permissions")}
    assert {inputs.get("sqlEndpointId") or inputs.get("clusterPolicyId") for inputs in rights.values()} == {
        "abc",
        "jobs-id",
    }

    def use(**whom: str) -> dict[str, str]:
        return {**whom, "permissionLevel": "CAN_USE"}

    ci = use(servicePrincipalName="application of platform_ci_dev")
    pipelines = use(groupName="platform_pipelines_dev")
    assert rights["jobs"]["accessControls"] == [pipelines, ci]
    assert rights["sql"]["accessControls"] == [
        use(groupName="platform_engineers_dev"),
        use(groupName="platform_analysts_dev"),
        pipelines,
        ci,
    ]
    prod = recorded["prod"].of_type("databricks:index/permissions:Permissions")
    assert all("servicePrincipalName" not in entry for r in prod for entry in r.inputs["accessControls"])


def test_principals_are_told_apart_from_groups() -> None:
    assert not {principal.value for principal in Principal} & {group.value for group in Group}
