"""What a Databricks account allows, and what it refuses when something is applied."""

from typing import Any

import pytest

from tests.fakes.pulumi_provider.databricks.authority import Administrator, Operator
from tests.fakes.pulumi_provider.databricks.databricks_cloud import DatabricksCloud
from tests.fakes.pulumi_provider.databricks.store import MemoryLakehouseStore
from tests.fakes.pulumi_provider.databricks.tokens import (
    BUDGET,
    BUDGET_POLICY,
    CATALOG,
    CLUSTER_POLICY,
    EXTERNAL_LOCATION,
    FEDERATION_POLICY,
    GRANT,
    GRANTS,
    GROUP,
    GROUP_MEMBER,
    PERMISSION_ASSIGNMENT,
    PERMISSIONS,
    RULE_SET,
    SCHEMA,
    SERVICE_PRINCIPAL,
    SQL_ENDPOINT,
    STORAGE_CREDENTIAL,
    VOLUME,
    WORKSPACE_BINDING,
)
from tests.fakes.pulumi_provider.inventory import CloudObject
from tests.fakes.pulumi_provider.refusal import CloudError
from tests.infra.engine.harness.admin import Admin

OWN_WORKSPACE, OTHER_WORKSPACE = "1", "2"
WORKSPACES = {"own.example": OWN_WORKSPACE, "other.example": OTHER_WORKSPACE}
ACCOUNT = {"host": "https://accounts.example", "accountId": "a"}
OWN = {"host": "https://own.example"}
OTHER = {"host": "https://other.example"}
ROOT = "s3://lakehouse/platform"


class Account(Admin[dict[str, str]]):
    """A fake account with a trusted storage location at s3://lakehouse/platform and the account group `engineers`."""

    def __init__(self) -> None:
        self.store = MemoryLakehouseStore()
        self.cloud = DatabricksCloud(WORKSPACES, self.store)
        super().__init__(self.cloud, dict)
        self.credential = self.create(
            OWN, STORAGE_CREDENTIAL, name="storage", awsIamRole={"roleArn": "arn:role"}, skipValidation=True
        )
        self.cloud.account.trust("storage")
        self.location = self.create(OWN, EXTERNAL_LOCATION, name="lakehouse", url=ROOT, credentialName="storage")
        self.engineers = self.create(ACCOUNT, GROUP, displayName="engineers")


@pytest.fixture
def account() -> Account:
    return Account()


@pytest.mark.parametrize(
    "url", [ROOT, f"{ROOT}/", f"{ROOT}/dev", "s3://lakehouse", "s3://lakehouse/platform/dev/landing/"]
)
def test_external_locations_do_not_overlap(account: Account, url: str) -> None:
    with pytest.raises(CloudError, match="overlaps external location 'lakehouse'"):
        account.create(OWN, EXTERNAL_LOCATION, name="second", url=url, credentialName="storage")


def test_a_location_beside_another_is_no_overlap(account: Account) -> None:
    account.create(OWN, EXTERNAL_LOCATION, name="second", url="s3://lakehouse/platform-two", credentialName="storage")


def test_a_location_is_validated_once_the_cloud_trusts_the_credential(account: Account) -> None:
    second = account.create(OWN, STORAGE_CREDENTIAL, name="new", awsIamRole={"roleArn": "arn:2"}, skipValidation=True)
    place = {"name": "elsewhere", "url": "s3://elsewhere", "credentialName": "new"}
    assert second.attributes["awsIamRole"]["externalId"] == "external-id-of-new"
    with pytest.raises(CloudError, match="does not trust storage credential 'new' yet"):
        account.create(OWN, EXTERNAL_LOCATION, **place)

    account.cloud.account.trust("new")

    account.create(OWN, EXTERNAL_LOCATION, **place)


@pytest.mark.parametrize(
    ("token", "inputs", "reason"),
    [
        (CATALOG, {"name": "c", "storageRoot": "s3://other/c"}, "no external location contains 's3://other/c'"),
        (CATALOG, {"name": "c", "storageRoot": f"{ROOT}/dev/deeper"}, "overlaps the managed storage of catalog"),
        (CATALOG, {"name": "PLATFORM"}, "platform already exists"),
        (CATALOG, {"name": "c", "isolationMode": "SPLENDID"}, "invalid isolationMode 'SPLENDID'"),
        (SCHEMA, {"name": "s", "catalogName": "nowhere"}, "Catalog 'nowhere' does not exist"),
        (
            VOLUME,
            {"name": "v", "catalogName": "platform", "schemaName": "nowhere", "volumeType": "MANAGED"},
            "Schema 'platform.nowhere' does not exist",
        ),
        (
            VOLUME,
            {"name": "v", "catalogName": "platform", "schemaName": "ops", "volumeType": "EXTERNAL"},
            "an external volume, and no other, has a storage location",
        ),
        (EXTERNAL_LOCATION, {"name": "l", "url": "somewhere", "credentialName": "storage"}, "not a valid storage URL"),
        (EXTERNAL_LOCATION, {"name": "l", "url": "s3://b", "credentialName": "none"}, "Credential 'none' does not"),
        (
            GRANTS,
            {"catalog": "platform", "grants": [{"principal": "engineers", "privileges": ["READ_VOLUMES"]}]},
            "privilege READ_VOLUMES is not applicable to a catalog",
        ),
        (
            GRANTS,
            {"catalog": "nowhere", "grants": [{"principal": "engineers", "privileges": ["BROWSE"]}]},
            "Catalog 'nowhere' does not exist",
        ),
        (
            GRANTS,
            {"catalog": "platform", "grants": [{"principal": "ghosts", "privileges": ["BROWSE"]}]},
            "could not find principal with name ghosts",
        ),
        (SQL_ENDPOINT, {"name": "w", "clusterSize": "Small", "spotInstancePolicy": "LUCKY"}, "spotInstancePolicy"),
        (SQL_ENDPOINT, {"name": "w", "clusterSize": "Small", "autoStopMins": 5}, "0 or at least 10 minutes"),
        (
            SQL_ENDPOINT,
            {"name": "w", "clusterSize": "Small", "warehouseType": "CLASSIC", "enableServerlessCompute": True},
            "a CLASSIC warehouse cannot be serverless",
        ),
        (CLUSTER_POLICY, {"name": "p", "definition": "{not json"}, "its definition is no JSON"),
        (
            WORKSPACE_BINDING,
            {"securableName": "nowhere", "securableType": "catalog", "workspaceId": OTHER_WORKSPACE},
            "Catalog 'nowhere' does not exist",
        ),
    ],
)
def test_what_the_api_refuses_though_the_provider_lets_it_through(
    account: Account, token: str, inputs: dict[str, Any], reason: str
) -> None:
    account.create(OWN, CATALOG, name="platform", storageRoot=f"{ROOT}/dev")
    account.create(OWN, SCHEMA, name="ops", catalogName="platform")
    assert account.cloud.refusals(token, inputs) == []

    with pytest.raises(CloudError) as refused:
        account.create(OWN, token, **inputs)

    assert reason in str(refused.value)


def test_names_in_unity_catalog_are_lower_case_and_no_difference(account: Account) -> None:
    made = account.create(OWN, CATALOG, name="Platform")

    assert (made.id, made.attributes["name"]) == ("platform", "platform")
    assert account.create(OWN, SCHEMA, name="Gold", catalogName="PLATFORM").id == "platform.gold"
    unchanged = account.cloud.change(CATALOG, {"name": "Platform"}, made.attributes, {"name": "Platform"})
    assert unchanged.differing == ()


def test_what_a_catalog_does_not_say_of_predictive_optimization_it_inherits_and_that_is_on(account: Account) -> None:
    account.create(OWN, CATALOG, name="silent")
    account.create(OWN, CATALOG, name="inherits", enablePredictiveOptimization="INHERIT")
    account.create(OWN, CATALOG, name="on", enablePredictiveOptimization="ENABLE")
    account.create(OWN, CATALOG, name="off", enablePredictiveOptimization="DISABLE")

    assert account.cloud.account.optimized_catalogs() == ["silent", "inherits", "on"]


@pytest.mark.parametrize(
    ("inputs", "reason"),
    [
        ({"policyName": "databricks:default-policy-2"}, "reserved"),
        ({"policyName": "plätform ✓"}, "not of ISO 8859-1"),
        ({"policyName": "p", "customTags": [{"key": "budget-policy-id", "value": "x"}]}, "none of budget-policy-id"),
        ({"policyName": "p", "customTags": [{"key": "a"}, {"key": "a"}]}, "each key once"),
        ({"policyName": "p", "customTags": [{"key": str(n)} for n in range(21)]}, "at most 20 tags"),
        ({"policyName": "p", "bindingWorkspaceIds": [3]}, "workspace 3 does not exist"),
    ],
)
def test_a_budget_policy_has_a_legal_name_and_tags(account: Account, inputs: dict[str, Any], reason: str) -> None:
    with pytest.raises(CloudError) as refused:
        account.create(ACCOUNT, BUDGET_POLICY, **inputs)

    assert reason in str(refused.value)


@pytest.mark.parametrize(
    ("name", "role", "principal", "reason"),
    [
        ("accounts/a/budgetPolicies/nobody/ruleSets/default", "user", "groups/engineers", "'nobody' does not exist"),
        ("accounts/b/budgetPolicies/{id}/ruleSets/default", "user", "groups/engineers", "names no rule set"),
        ("accounts/a/budgetPolicies/{id}/ruleSets/mine", "user", "groups/engineers", "names no rule set"),
        ("accounts/a/budgetPolicies/{id}/ruleSets/default", "owner", "groups/engineers", "is not supported"),
        (
            "accounts/a/budgetPolicies/{id}/ruleSets/default",
            "user",
            "groups/ghosts",
            "the account has no groups/ghosts",
        ),
        ("accounts/a/budgetPolicies/{id}/ruleSets/default", "user", "engineers", "the account has no engineers"),
    ],
)
def test_who_may_use_a_budget_policy_is_said_in_the_words_of_the_account(
    account: Account, name: str, role: str, principal: str, reason: str
) -> None:
    policy = account.create(ACCOUNT, BUDGET_POLICY, policyName="serverless")
    rules = [{"role": f"roles/budgetPolicy.{role}", "principals": [principal]}]

    with pytest.raises(CloudError) as refused:
        account.create(ACCOUNT, RULE_SET, name=name.format(id=policy.attributes["policyId"]), grantRules=rules)

    assert reason in str(refused.value)


def test_a_catalog_goes_only_empty_unless_forced(account: Account) -> None:
    kept = account.create(OWN, CATALOG, name="kept")
    forced = account.create(OWN, CATALOG, name="forced", forceDestroy=True)
    for catalog in ("kept", "forced"):
        account.create(OWN, SCHEMA, name="gold", catalogName=catalog)
    with pytest.raises(CloudError, match="it holds schemas gold"):
        account.delete(OWN, kept)

    account.delete(OWN, forced)

    assert account.store.catalogs() == ["kept"]


def test_a_schema_goes_only_empty_unless_forced(account: Account) -> None:
    account.create(OWN, CATALOG, name="c")
    schema = account.create(OWN, SCHEMA, name="gold", catalogName="c")
    volume = account.create(OWN, VOLUME, name="v", catalogName="c", schemaName="gold", volumeType="MANAGED")
    account.store.plant_table("c", "gold", "daily")
    with pytest.raises(CloudError, match="it holds daily, v"):
        account.delete(OWN, schema)

    account.delete(OWN, volume)
    account.update(OWN, schema, name="gold", catalogName="c", forceDestroy=True)

    account.delete(OWN, schema)


def test_storage_stays_while_something_rests_on_it(account: Account) -> None:
    account.create(OWN, CATALOG, name="c", storageRoot=f"{ROOT}/c")

    with pytest.raises(CloudError, match="holds the storage of catalogs c"):
        account.delete(OWN, account.location)
    with pytest.raises(CloudError, match="is used by external locations lakehouse"):
        account.delete(OWN, account.credential)


def test_an_isolated_catalog_is_seen_by_the_workspaces_it_is_bound_to(account: Account) -> None:
    account.create(OWN, CATALOG, name="c", isolationMode="ISOLATED")
    schema = {"name": "gold", "catalogName": "c"}
    with pytest.raises(CloudError, match="not accessible from workspace 2"):
        account.create(OTHER, SCHEMA, **schema)

    account.create(OWN, WORKSPACE_BINDING, securableName="c", securableType="catalog", workspaceId=OTHER_WORKSPACE)

    account.create(OTHER, SCHEMA, **schema)


def isolated_storage(account: Account) -> tuple[CloudObject, CloudObject]:
    credential = account.create(
        OWN,
        STORAGE_CREDENTIAL,
        name="own",
        awsIamRole={"roleArn": "arn:role"},
        skipValidation=True,
        isolationMode="ISOLATION_MODE_ISOLATED",
    )
    account.cloud.account.trust("own")
    place = {"url": "s3://isolated", "credentialName": "own", "isolationMode": "ISOLATION_MODE_ISOLATED"}
    return credential, account.create(OWN, EXTERNAL_LOCATION, name="place", **place)


def test_what_is_isolated_is_made_open_then_isolated_then_bound_to_its_own_workspace(account: Account) -> None:
    account.cloud.account.steps.clear()
    isolated_storage(account)
    account.create(OWN, CATALOG, name="c", storageRoot="s3://isolated/c", isolationMode="ISOLATED")

    assert account.cloud.account.steps == [
        "make storage_credential own",
        "isolate storage_credential own",
        "bind storage_credential own to 1",
        "make external_location place",
        "isolate external_location place",
        "bind external_location place to 1",
        "make catalog c",
        "delete schema c.default",
        "isolate catalog c",
        "bind catalog c to 1",
    ]


@pytest.mark.parametrize(
    ("token", "inputs", "unbound"),
    [
        (EXTERNAL_LOCATION, {"name": "l", "url": "s3://l", "credentialName": "own"}, "storage_credential 'own'"),
        (CATALOG, {"name": "c", "storageRoot": "s3://isolated/c"}, "external_location 'place'"),
        (GRANTS, {"externalLocation": "place", "grants": []}, "external_location 'place'"),
    ],
)
def test_isolated_storage_is_seen_by_the_workspaces_it_is_bound_to(
    account: Account, token: str, inputs: dict[str, Any], unbound: str
) -> None:
    isolated_storage(account)
    with pytest.raises(CloudError, match=f"{unbound} is not accessible from workspace 2: not bound"):
        account.create(OTHER, token, **inputs)

    kind, name = unbound.replace("'", "").split()
    account.create(OWN, WORKSPACE_BINDING, securableName=name, securableType=kind, workspaceId=OTHER_WORKSPACE)

    account.create(OTHER, token, **inputs)


@pytest.mark.parametrize("kind", ["external_location", "storage_credential"])
def test_declaring_the_binding_of_storage_to_its_own_workspace_breaks_destroy(account: Account, kind: str) -> None:
    credential, location = isolated_storage(account)
    bound = location if kind == "external_location" else credential
    own = {"securableName": bound.id, "securableType": kind, "workspaceId": OWN_WORKSPACE}
    account.delete(OWN, account.create(OWN, WORKSPACE_BINDING, **own))

    with pytest.raises(CloudError, match=f"{kind} '{bound.id}' is not accessible from workspace 1: not bound"):
        account.delete(OWN, bound)


def test_declaring_the_binding_of_a_catalog_breaks_destroy_for_what_is_in_it_and_not_for_itself(
    account: Account,
) -> None:
    catalog = account.create(OWN, CATALOG, name="c", isolationMode="ISOLATED")
    schema = account.create(OWN, SCHEMA, name="gold", catalogName="c")
    own = {"securableName": "c", "securableType": "catalog", "workspaceId": OWN_WORKSPACE}
    account.delete(OWN, account.create(OWN, WORKSPACE_BINDING, **own))
    with pytest.raises(CloudError, match="not accessible from workspace 1: not bound"):
        account.delete(OWN, schema)

    # The provider binds its own workspace again before it deletes a catalog.
    with pytest.raises(CloudError, match="it holds schemas gold"):
        account.delete(OWN, catalog)


def test_a_credential_is_never_bound_to_read_only(account: Account) -> None:
    isolated_storage(account)
    binding = {"securableName": "own", "securableType": "storage_credential", "workspaceId": OTHER_WORKSPACE}
    with pytest.raises(CloudError, match="Supported binding types for STORAGE_CREDENTIAL"):
        account.create(OWN, WORKSPACE_BINDING, bindingType="BINDING_TYPE_READ_ONLY", **binding)


@pytest.mark.parametrize(
    ("where", "token", "inputs", "wanted"),
    [
        (OWN, CLUSTER_POLICY, {"name": "p"}, ["workspace admin"]),
        (OWN, SQL_ENDPOINT, {"name": "w", "clusterSize": "Small"}, ["workspace admin"]),
        (OWN, PERMISSIONS, {"sqlEndpointId": "w", "accessControls": []}, ["workspace admin"]),
        (OWN, EXTERNAL_LOCATION, {"name": "l", "url": "s3://l", "credentialName": "storage"}, ["metastore admin"]),
        (OWN, CATALOG, {"name": "c", "storageRoot": f"{ROOT}/c"}, ["metastore admin"]),
        (OWN, GRANT, {"metastore": "m", "principal": "e", "privileges": []}, ["account admin", "metastore admin"]),
        (ACCOUNT, GROUP, {"displayName": "g"}, ["account admin"]),
        (ACCOUNT, SERVICE_PRINCIPAL, {"displayName": "p"}, ["account admin"]),
        (ACCOUNT, BUDGET, {"displayName": "b"}, ["account admin"]),
        (ACCOUNT, BUDGET_POLICY, {"policyName": "p"}, ["billing admin", "workspace admin"]),
    ],
)
def test_no_administrator_is_another(
    account: Account, where: dict[str, str], token: str, inputs: dict[str, Any], wanted: list[str]
) -> None:
    account.cloud.account.operator = Operator("deploy", frozenset(set(Administrator) - set(wanted)))

    with pytest.raises(CloudError, match=f"needs a {' or '.join(wanted)}: deploy is none"):
        account.create(where, token, **inputs)


def test_who_was_granted_to_makes_a_catalog_and_owns_it(account: Account) -> None:
    ci = account.create(ACCOUNT, SERVICE_PRINCIPAL, displayName="ci").attributes["applicationId"]
    on_storage = {"principal": ci, "privileges": ["CREATE_MANAGED_STORAGE"]}
    account.create(OWN, GRANT, metastore="m", principal=ci, privileges=["CREATE_CATALOG"])
    account.create(OWN, GRANTS, externalLocation="lakehouse", grants=[on_storage])
    account.create(OWN, CATALOG, name="theirs", storageRoot=f"{ROOT}/theirs")
    account.cloud.account.operator = Operator(ci, frozenset())

    mine = account.create(OWN, CATALOG, name="mine", storageRoot=f"{ROOT}/mine")

    assert mine.attributes["owner"] == ci
    with pytest.raises(CloudError, match="needs a metastore admin"):
        account.delete(OWN, account.cloud.account.require(CATALOG, "theirs"))
    account.delete(OWN, mine)


def test_once_a_rule_set_says_who_manages_a_policy_its_maker_no_longer_does(account: Account) -> None:
    account.cloud.account.operator = Operator("deploy", frozenset({Administrator.WORKSPACE}))
    policy = account.create(ACCOUNT, BUDGET_POLICY, policyName="serverless")
    name = f"accounts/a/budgetPolicies/{policy.id}/ruleSets/default"
    rules = account.create(ACCOUNT, RULE_SET, name=name, grantRules=[])
    for made in (rules, policy):
        with pytest.raises(CloudError, match="needs a billing admin: deploy is none"):
            account.delete(ACCOUNT, made)

    account.cloud.account.operator = Operator("deploy", frozenset({Administrator.BILLING}))
    account.delete(ACCOUNT, rules)
    account.delete(ACCOUNT, policy)


def test_in_the_account_a_principal_is_deactivated_unless_it_says_otherwise(account: Account) -> None:
    kept = account.create(ACCOUNT, SERVICE_PRINCIPAL, displayName="pipeline")
    gone = account.create(ACCOUNT, SERVICE_PRINCIPAL, displayName="pipeline", disableAsUserDeletion=False)
    local = account.create(OWN, SERVICE_PRINCIPAL, displayName="local")
    for where, principal in ((ACCOUNT, kept), (ACCOUNT, gone), (OWN, local)):
        account.delete(where, principal)

    left = account.read(ACCOUNT, kept)
    assert left is not None
    assert left.attributes["active"] is False
    assert [account.read(ACCOUNT, one) for one in (gone, local)] == [None, None]


def test_a_principal_made_anew_under_its_old_name_has_new_ids(account: Account) -> None:
    first, second = (account.create(ACCOUNT, SERVICE_PRINCIPAL, displayName="pipeline") for _ in range(2))

    assert first.id != second.id
    assert first.attributes["applicationId"] != second.attributes["applicationId"]


def test_what_is_throttled_is_asked_again_until_the_provider_s_patience_ends(account: Account) -> None:
    account.cloud.account.throttled = 120
    with pytest.raises(CloudError, match="timed out after 30 s: 429 Too Many Requests"):
        account.create({**OWN, "retryTimeoutSeconds": "30"}, CATALOG, name="c")

    account.cloud.account.throttled = 120
    account.create({**OWN, "retryTimeoutSeconds": "300"}, CATALOG, name="c")


def test_a_warehouse_that_does_not_run_in_time_is_none(account: Account) -> None:
    account.cloud.account.warehouse_start = 15 * 60
    account.create(OWN, SQL_ENDPOINT, name="slow", clusterSize="Small")
    account.cloud.account.warehouse_start = 25 * 60

    # The resource's own time-out is half an hour by default, and the provider's SDK waits for twenty minutes.
    with pytest.raises(CloudError, match="failed waiting for warehouse to start: timed out after 1200 s"):
        account.create(OWN, SQL_ENDPOINT, name="slower", clusterSize="Small")

    assert [one.attributes["name"] for one in account.cloud.account.of(SQL_ENDPOINT)] == ["slow"]


def test_a_second_list_of_grants_overwrites_the_first(account: Account) -> None:
    account.create(OWN, CATALOG, name="c")
    account.create(ACCOUNT, GROUP, displayName="analysts")
    first = account.create(OWN, GRANTS, catalog="c", grants=[{"principal": "engineers", "privileges": ["BROWSE"]}])

    account.create(OWN, GRANTS, catalog="c", grants=[{"principal": "analysts", "privileges": ["BROWSE"]}])

    found = account.read(OWN, first)
    assert found is not None
    assert found.attributes["grants"] == [{"principal": "analysts", "privileges": ["BROWSE"]}]


def test_a_single_grant_leaves_those_of_others(account: Account) -> None:
    account.create(ACCOUNT, GROUP, displayName="analysts")
    account.create(OWN, GRANT, metastore="m", principal="engineers", privileges=["CREATE_CATALOG"])
    second = account.create(OWN, GRANT, metastore="m", principal="analysts", privileges=["CREATE_SHARE"])

    account.delete(OWN, second)

    assert account.cloud.account.privileges["metastore", "m"] == {"engineers": ["CREATE_CATALOG"]}


def test_a_workspace_s_own_group_cannot_hold_grants(account: Account) -> None:
    account.create(OWN, GROUP, displayName="locals")
    account.create(OWN, CATALOG, name="c")

    with pytest.raises(CloudError, match="could not find principal with name locals: the account has none"):
        account.create(OWN, GRANTS, catalog="c", grants=[{"principal": "locals", "privileges": ["BROWSE"]}])


def test_rights_in_a_workspace_are_for_those_who_are_in_it(account: Account) -> None:
    warehouse = account.create(OWN, SQL_ENDPOINT, name="w", clusterSize="Small")
    principal = account.create(ACCOUNT, SERVICE_PRINCIPAL, displayName="pipeline")
    use = {"servicePrincipalName": principal.attributes["applicationId"], "permissionLevel": "CAN_USE"}
    rights = {"sqlEndpointId": warehouse.id, "accessControls": [use]}
    account.create(ACCOUNT, GROUP_MEMBER, groupId=account.engineers.id, memberId=principal.id)
    with pytest.raises(CloudError, match="does not exist in workspace 1"):
        account.create(OWN, PERMISSIONS, **rights)

    account.create(
        ACCOUNT,
        PERMISSION_ASSIGNMENT,
        workspaceId=OWN_WORKSPACE,
        principalId=account.engineers.id,
        permissions=["USER"],
    )

    account.create(OWN, PERMISSIONS, **rights)


@pytest.mark.parametrize(
    ("where", "token", "inputs"),
    [
        (ACCOUNT, CATALOG, {"name": "c"}),
        (ACCOUNT, SQL_ENDPOINT, {"name": "w", "clusterSize": "Small"}),
        (OWN, FEDERATION_POLICY, {"servicePrincipalId": 1, "oidcPolicy": {"issuer": "i", "subject": "s"}}),
        (OWN, BUDGET_POLICY, {"policyName": "p"}),
        (OWN, PERMISSION_ASSIGNMENT, {"workspaceId": "1", "principalId": "1", "permissions": ["USER"]}),
    ],
)
def test_each_api_is_served_at_its_own_level(
    account: Account, where: dict[str, str], token: str, inputs: dict[str, Any]
) -> None:
    with pytest.raises(CloudError, match="API, but the provider is signed in at the"):
        account.create(where, token, **inputs)


def test_a_host_that_is_no_workspace_is_no_sign_in(account: Account) -> None:
    with pytest.raises(CloudError, match=r"there is no workspace elsewhere\.example"):
        account.cloud.sign_in({"host": "https://elsewhere.example"})


def test_creating_reaches_the_store_and_deleting_leaves_it(account: Account) -> None:
    catalog = account.create(OWN, CATALOG, name="c")
    schema = account.create(OWN, SCHEMA, name="ops", catalogName="c")
    volume = account.create(OWN, VOLUME, name="landing", catalogName="c", schemaName="ops", volumeType="MANAGED")
    assert volume.attributes["volumePath"] == "/Volumes/c/ops/landing"
    assert (account.store.schemas("c"), account.store.volumes("c", "ops")) == (["ops"], ["landing"])

    for gone in (volume, schema, catalog):
        account.delete(OWN, gone)

    assert account.store.catalogs() == []
