import json
from collections.abc import Mapping
from typing import Any

import pulumi_databricks as databricks
from pulumi_databricks.outputs import StorageCredentialAwsIamRole

from platform_infra.databricks.arguments import StorageArgs
from platform_infra.databricks.cloud_storage import AwsStorage, AzureStorage, CloudStorage, GcpStorage, StorageTrust
from platform_infra.databricks.databricks_component import DatabricksComponent

_ISOLATED = "ISOLATION_MODE_ISOLATED"
_READ_WRITE = "BINDING_TYPE_READ_WRITE"


class Storage(DatabricksComponent[StorageArgs]):
    """The credential that reads and writes a folder of the cloud's storage, and the folder as an external location."""

    type_token = "platform:databricks:Storage"  # noqa: S105 - a resource type, not a secret

    credential: databricks.StorageCredential
    location: databricks.ExternalLocation | None
    bindings: list[databricks.WorkspaceBinding]

    def declare(self, name: str, args: StorageArgs) -> Mapping[str, Any]:
        """Make the credential; once the cloud trusts it, have it validated and make the location."""
        trusted = args.trust is StorageTrust.ESTABLISHED
        self.credential = databricks.StorageCredential(
            name,
            name=args.credential_name,
            comment=args.credential_comment,
            isolation_mode=_ISOLATED,
            skip_validation=not trusted,
            opts=self.in_workspace(protect=args.protect),
            **_identity(args.storage),
        )
        self.location = self._location(name, args) if trusted else None
        self.bindings = self._bindings(name, args, self.location) if self.location is not None else []
        return {"credential": self.credential.name, "trust": self.trust}

    @property
    def trust(self) -> dict[str, Any]:
        """What the cloud has to trust, and what to do next."""
        return {"state": self.args.trust.value, **_to_trust(self.args.storage, self.credential)}

    def _location(self, name: str, args: StorageArgs) -> databricks.ExternalLocation:
        return databricks.ExternalLocation(
            name,
            name=args.location_name,
            url=args.storage.root,
            credential_name=self.credential.name,
            comment=args.location_comment,
            isolation_mode=_ISOLATED,
            opts=self.in_workspace(protect=args.protect),
        )

    def _bindings(
        self, name: str, args: StorageArgs, location: databricks.ExternalLocation
    ) -> list[databricks.WorkspaceBinding]:
        # The provider binds the workspace that it works in by itself, once it has isolated them.
        securables = (
            ("storage_credential", args.credential_name, self.credential),
            ("external_location", args.location_name, location),
        )
        return [
            databricks.WorkspaceBinding(
                f"{name}.{kind}.{other.workspace_id}",
                securable_type=kind,
                securable_name=securable,
                workspace_id=str(other.workspace_id),
                binding_type=_READ_WRITE,
                opts=self.in_workspace(depends_on=[bound]),
            )
            for other in args.shared_with
            for kind, securable, bound in securables
        ]


def _identity(storage: CloudStorage) -> dict[str, Any]:
    """The block of the credential that says as whom it acts; the cloud it is of follows from which block it is."""
    match storage:
        case AwsStorage():
            return {"aws_iam_role": {"role_arn": storage.role_arn}}
        case AzureStorage():
            return {"azure_managed_identity": {"access_connector_id": storage.access_connector_id}}
        case GcpStorage():
            return {"databricks_gcp_service_account": {}}


def _to_trust(storage: CloudStorage, credential: databricks.StorageCredential) -> dict[str, Any]:
    match storage:
        case AwsStorage():
            return {
                "role_arn": storage.role_arn,
                "external_id": credential.aws_iam_role.apply(_external_id),
                "trust_policy": credential.aws_iam_role.apply(lambda role: _trust_policy(storage, role)),
                "next": f"put trust_policy on the role, and allow the role to read and write {storage.root}",
            }
        case AzureStorage():
            return {
                "access_connector_id": storage.access_connector_id,
                "next": f"give the connector's identity the role Storage Blob Data Contributor on {storage.root}",
            }
        case GcpStorage():
            return {
                "service_account": credential.databricks_gcp_service_account.apply(lambda made: made.email),
                "next": "give the service account the roles Storage Legacy Bucket Reader and Storage Object Admin "
                f"on the bucket of {storage.root}",
            }


def _external_id(role: StorageCredentialAwsIamRole | None) -> str | None:
    # Not there until the credential is.
    return None if role is None else role.get("external_id")


def _trust_policy(storage: AwsStorage, role: StorageCredentialAwsIamRole | None) -> str | None:
    """The policy that lets Databricks, and the role itself, assume the role: Unity Catalog insists on both."""
    external_id = _external_id(role)
    if role is None or external_id is None:
        return None
    principals = [role.get("unity_catalog_iam_arn"), storage.role_arn]
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"AWS": [principal for principal in principals if principal]},
        "Condition": {"StringEquals": {"sts:ExternalId": external_id}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
