import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from platform_infra.stack_settings.errors import StackSettingsError

from tests.fakes.pulumi_mocks.recorder import RecordedStack

CREDENTIAL = "databricks:index/storageCredential:StorageCredential"
LOCATION = "databricks:index/externalLocation:ExternalLocation"
BINDING = "databricks:index/workspaceBinding:WorkspaceBinding"
CATALOG = "databricks:index/catalog:Catalog"

STORAGES: dict[str, dict[str, str]] = {
    "aws": {"cloud": "aws", "root": "s3://lake/x", "role_arn": "arn:aws:iam::123456789012:role/lake"},
    "azure": {
        "cloud": "azure",
        "root": "abfss://lake@account1.dfs.core.windows.net/x",
        "access_connector_id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Databricks/accessConnectors/c",
    },
    "gcp": {"cloud": "gcp", "root": "gs://lake/x"},
}


def table(workspaces: Mapping[str, Any], deployment: str = "dev", **changes: object) -> dict[str, Any]:
    return {**workspaces, deployment: {**workspaces[deployment], **changes}}


def test_until_the_cloud_trusts_it_there_is_a_credential_and_no_catalog(
    run_stack: Callable[..., RecordedStack],
) -> None:
    stack = run_stack("dev", storage_trust="pending")
    (credential,) = stack.of_type(CREDENTIAL)
    assert credential.inputs["skipValidation"] is True
    assert stack.of_type(LOCATION) == stack.of_type(CATALOG) == []
    # What does not hang on storage is there already.
    assert len(stack.of_type("databricks:index/sqlEndpoint:SqlEndpoint")) == 1
    granted = [r.inputs for r in stack.resources if r.type_token.startswith("databricks:index/grant")]
    assert [set(inputs) & {"metastore", "catalog", "externalLocation"} for inputs in granted] == [{"metastore"}]


def test_the_first_up_prints_what_the_cloud_has_to_trust(run_stack: Callable[..., RecordedStack]) -> None:
    outputs = run_stack("dev", storage_trust="pending").outputs
    trust = outputs["storage_trust"]
    assert (trust["state"], trust["external_id"]) == ("pending", "made-up-id")
    (statement,) = json.loads(trust["trust_policy"])["Statement"]
    assert statement["Condition"] == {"StringEquals": {"sts:ExternalId": "made-up-id"}}
    # Unity Catalog wants the role to be able to assume itself, too.
    role = "arn:aws:iam::111111111111:role/example-lakehouse-dev"
    assert statement["Principal"] == {"AWS": ["arn:aws:iam::1:role/unity", role]}
    assert "storage_trust to established in Pulumi.dev.yaml" in outputs["next_steps"][-1]


def test_once_trusted_the_credential_is_validated_and_the_location_stands_on_it(
    recorded: Mapping[str, RecordedStack],
) -> None:
    stack = recorded["dev"]
    (credential,), (location,), (catalog,) = (stack.of_type(token) for token in (CREDENTIAL, LOCATION, CATALOG))
    assert credential.inputs["skipValidation"] is False
    assert location.inputs["url"] == "s3://example-lakehouse-dev/platform"
    assert location.inputs["credentialName"] == credential.inputs["name"] == "platform_storage_dev"
    assert credential.inputs["isolationMode"] == location.inputs["isolationMode"] == "ISOLATION_MODE_ISOLATED"
    assert credential.urn in location.dependencies
    assert location.urn in catalog.dependencies


@pytest.mark.parametrize(
    ("cloud", "block", "console"),
    [
        ("aws", {"awsIamRole": {"roleArn": STORAGES["aws"]["role_arn"]}}, "https://accounts.cloud.databricks.com"),
        (
            "azure",
            {"azureManagedIdentity": {"accessConnectorId": STORAGES["azure"]["access_connector_id"]}},
            "https://accounts.azuredatabricks.net",
        ),
        ("gcp", {"databricksGcpServiceAccount": {}}, "https://accounts.gcp.databricks.com"),
    ],
)
def test_each_cloud_has_its_own_credential(
    run_stack: Callable[..., RecordedStack],
    workspaces: Mapping[str, Any],
    cloud: str,
    block: dict[str, Any],
    console: str,
) -> None:
    stack = run_stack(
        "dev",
        cloud=cloud,
        storage_trust="established",
        workspaces=table(workspaces, storage=STORAGES[cloud]),
    )
    (credential,) = stack.of_type(CREDENTIAL)
    blocks = {"awsIamRole", "azureManagedIdentity", "databricksGcpServiceAccount"}
    assert {key: value for key, value in credential.inputs.items() if key in blocks} == block
    assert stack.of_type(CATALOG)[0].inputs["storageRoot"] == f"{STORAGES[cloud]['root']}/dev"
    assert stack.one("pulumi:providers:databricks", "account").inputs["host"] == console
    assert stack.outputs["storage_trust"]["next"]


def test_a_made_service_account_is_what_google_has_to_trust(
    run_stack: Callable[..., RecordedStack], workspaces: Mapping[str, Any]
) -> None:
    stack = run_stack("dev", cloud="gcp", workspaces=table(workspaces, storage=STORAGES["gcp"]))
    assert stack.outputs["storage_trust"]["service_account"] == "unity@databricks.example"


def test_production_is_bound_to_the_workspace_that_clones_it_and_read_only(
    recorded: Mapping[str, RecordedStack],
) -> None:
    (binding,) = recorded["prod"].of_type(BINDING)
    assert dict(binding.inputs) == {
        "securableType": "catalog",
        "securableName": "platform",
        "workspaceId": "1111111111111111",
        "bindingType": "BINDING_TYPE_READ_ONLY",
    }
    assert recorded["dev"].of_type(BINDING) == recorded["pr-7"].of_type(BINDING) == []


def test_a_workspace_that_may_use_the_storage_is_bound_to_all_of_it(
    run_stack: Callable[..., RecordedStack], workspaces: Mapping[str, Any]
) -> None:
    shared = [{"workspace_id": 77, "access": "read_write", "storage": True}]
    stack = run_stack("dev", storage_trust="established", workspaces=table(workspaces, shared_with=shared))
    bound = {(b.inputs["securableType"], b.inputs["securableName"]) for b in stack.of_type(BINDING)}
    assert bound == {
        ("catalog", "platform_dev"),
        ("external_location", "platform_lakehouse_dev"),
        ("storage_credential", "platform_storage_dev"),
    }
    assert {(b.inputs["workspaceId"], b.inputs["bindingType"]) for b in stack.of_type(BINDING)} == {
        ("77", "BINDING_TYPE_READ_WRITE")
    }


def test_dev_and_prod_cannot_share_a_folder(
    run_stack: Callable[..., RecordedStack], workspaces: Mapping[str, Any]
) -> None:
    inside = {**workspaces["prod"]["storage"], "root": "s3://example-lakehouse-dev/platform/production"}
    with pytest.raises(StackSettingsError, match=r"overlap: .* give each its own folder"):
        run_stack("dev", workspaces=table(workspaces, "prod", storage=inside))
