from collections.abc import Iterator
from typing import ClassVar

from tests.fakes.pulumi_provider.databricks.account import ApiSession
from tests.fakes.pulumi_provider.databricks.databricks_kind import UnityKind, require_value
from tests.fakes.pulumi_provider.databricks.storage_url import contains, overlap, require_storage_url
from tests.fakes.pulumi_provider.databricks.tokens import CATALOG, EXTERNAL_LOCATION, STORAGE_CREDENTIAL
from tests.fakes.pulumi_provider.input_rules import exactly_one
from tests.fakes.pulumi_provider.inventory import CloudObject
from tests.fakes.pulumi_provider.property_values import Properties
from tests.fakes.pulumi_provider.refusal import CloudError, Refusal

_ISOLATED = "ISOLATION_MODE_ISOLATED"
ISOLATION = frozenset({"ISOLATION_MODE_OPEN", _ISOLATED})
METASTORE = "0f6c1d6e-metastore"
_CLOUD_BLOCKS = (
    "awsIamRole",
    "azureManagedIdentity",
    "azureServicePrincipal",
    "cloudflareApiToken",
    "databricksGcpServiceAccount",
    "gcpServiceAccountKey",
)


class StorageCredential(UnityKind):
    """How Unity Catalog reaches cloud storage: it makes its external id, and the operator sets the trust."""

    token = STORAGE_CREDENTIAL
    computed = ("metastoreId", "owner", "storageCredentialId")
    defaults: ClassVar[Properties] = {"isolationMode": "ISOLATION_MODE_OPEN", "readOnly": False}

    def refusals(self, inputs: Properties) -> Iterator[Refusal]:
        yield from exactly_one(inputs, _CLOUD_BLOCKS, "name")

    def identity(self, inputs: Properties) -> str:
        return inputs["name"]

    def outputs(self, inputs: Properties, session: ApiSession) -> Properties:
        return {
            "metastoreId": METASTORE,
            "owner": self.account.operator.name,
            "storageCredentialId": f"credential-{inputs['name']}",
        }

    def admit(self, session: ApiSession, inputs: Properties) -> None:
        super().admit(session, inputs)
        require_value(inputs, "isolationMode", ISOLATION)
        if not inputs.get("skipValidation") and not self.account.is_trusted(inputs["name"]):
            raise CloudError(
                f"storage credential '{inputs['name']}' failed validation: the cloud does not trust it yet"
            )

    def admit_change(self, session: ApiSession, found: CloudObject, inputs: Properties) -> None:
        super().admit_change(session, found, inputs)
        self.account.require_bound(session, "storage_credential", found.id)
        self.admit(session, inputs)

    def admit_delete(self, session: ApiSession, found: CloudObject) -> None:
        super().admit_delete(session, found)
        self.account.require_bound(session, "storage_credential", found.id)
        used = [place.id for place in self.account.of(EXTERNAL_LOCATION) if _uses(place, found)]
        if used and not found.attributes.get("forceDestroy"):
            raise CloudError(f"storage credential '{found.id}' is used by external locations {', '.join(used)}")

    def make(self, made: CloudObject, session: ApiSession) -> None:
        made.attributes |= _made_by_databricks(made.id, made.attributes)
        self.account.steps.append(f"make storage_credential {made.id}")
        if made.attributes["isolationMode"] == _ISOLATED:
            self.account.isolate(session, "storage_credential", made.id)

    def unmake(self, gone: CloudObject) -> None:
        self.account.bindings.pop(("storage_credential", gone.id), None)

    def changed(self, found: CloudObject, inputs: Properties) -> Properties:
        after = super().changed(found, inputs)
        return {**after, **_made_by_databricks(found.id, after)}


class ExternalLocation(UnityKind):
    """A place in cloud storage; two of them never overlap."""

    token = EXTERNAL_LOCATION
    computed = ("credentialId", "metastoreId", "owner")
    defaults: ClassVar[Properties] = {"isolationMode": "ISOLATION_MODE_OPEN", "readOnly": False}

    def identity(self, inputs: Properties) -> str:
        return inputs["name"]

    def outputs(self, inputs: Properties, session: ApiSession) -> Properties:
        return {
            "credentialId": f"credential-{inputs['credentialName']}",
            "metastoreId": METASTORE,
            "owner": self.account.operator.name,
        }

    def admit(self, session: ApiSession, inputs: Properties) -> None:
        super().admit(session, inputs)
        self._require_legal(session, inputs)
        for other in self.account.of(EXTERNAL_LOCATION):
            if other.id != inputs["name"] and overlap(other.attributes["url"], inputs["url"]):
                raise CloudError(
                    f"'{inputs['url']}' overlaps external location '{other.id}' ({other.attributes['url']})"
                )

    def admit_change(self, session: ApiSession, found: CloudObject, inputs: Properties) -> None:
        super().admit_change(session, found, inputs)
        self.account.require_bound(session, "external_location", found.id)
        self.admit(session, inputs)

    def make(self, made: CloudObject, session: ApiSession) -> None:
        self.account.steps.append(f"make external_location {made.id}")
        if made.attributes["isolationMode"] == _ISOLATED:
            self.account.isolate(session, "external_location", made.id)

    def unmake(self, gone: CloudObject) -> None:
        self.account.bindings.pop(("external_location", gone.id), None)

    def admit_delete(self, session: ApiSession, found: CloudObject) -> None:
        super().admit_delete(session, found)
        self.account.require_bound(session, "external_location", found.id)
        roots = [catalog.id for catalog in self.account.of(CATALOG) if _lies_in(catalog, found)]
        if roots and not found.attributes.get("forceDestroy"):
            raise CloudError(f"external location '{found.id}' holds the storage of catalogs {', '.join(roots)}")

    def _require_legal(self, session: ApiSession, inputs: Properties) -> None:
        require_value(inputs, "isolationMode", ISOLATION)
        require_storage_url(inputs["url"])
        credential = self.account.require(STORAGE_CREDENTIAL, inputs["credentialName"])
        self.account.require_bound(session, "storage_credential", credential.id)
        if not inputs.get("skipValidation") and not self.account.is_trusted(credential.id):
            raise CloudError(
                f"external location '{inputs['name']}' failed validation: the cloud does not trust storage credential "
                f"'{credential.id}' yet"
            )


def _uses(location: CloudObject, credential: CloudObject) -> bool:
    return location.attributes["credentialName"] == credential.id


def _lies_in(catalog: CloudObject, location: CloudObject) -> bool:
    root = catalog.attributes.get("storageRoot")
    return bool(root) and contains(location.attributes["url"], root)


def _made_by_databricks(name: str, attributes: Properties) -> Properties:
    """The identity that Databricks adds to the cloud's own block, which the trust policy must name."""
    if "awsIamRole" in attributes:
        own = {"externalId": f"external-id-of-{name}", "unityCatalogIamArn": "arn:aws:iam::414351767826:role/unity"}
        return {"awsIamRole": {**attributes["awsIamRole"], **own}}
    if "databricksGcpServiceAccount" in attributes:
        return {"databricksGcpServiceAccount": {"email": f"{name}@databricks.example", "credentialId": name}}
    return {}
