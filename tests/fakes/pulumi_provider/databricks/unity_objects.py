from collections.abc import Iterator
from typing import ClassVar

from tests.fakes.pulumi_provider.databricks.account import ApiSession
from tests.fakes.pulumi_provider.databricks.databricks_kind import UnityKind, require_value
from tests.fakes.pulumi_provider.databricks.storage import METASTORE
from tests.fakes.pulumi_provider.databricks.storage_url import overlap
from tests.fakes.pulumi_provider.databricks.tokens import CATALOG, SCHEMA, VOLUME
from tests.fakes.pulumi_provider.input_rules import one_of
from tests.fakes.pulumi_provider.inventory import CloudObject
from tests.fakes.pulumi_provider.property_values import Properties
from tests.fakes.pulumi_provider.refusal import CloudError, Refusal

_NAMES = ("name", "catalogName", "schemaName")


class NamedInCatalog(UnityKind):
    """A securable whose name Unity Catalog keeps in lower case."""

    securable: ClassVar[str]
    path: ClassVar[tuple[str, ...]]
    caseless = frozenset(_NAMES)

    def canonical(self, inputs: Properties) -> Properties:
        return {**inputs, **{name: inputs[name].lower() for name in _NAMES if name in inputs}}

    def identity(self, inputs: Properties) -> str:
        return ".".join(self.parts(inputs))

    def parts(self, inputs: Properties) -> tuple[str, ...]:
        """Catalog, schema, object."""
        return tuple(inputs[name] for name in self.path)

    def unmake(self, gone: CloudObject) -> None:
        # What was granted on it goes with it.
        self.account.privileges.pop((self.securable, gone.id), None)


class Catalog(NamedInCatalog):
    """A catalog with storage of its own; isolated, it is seen only by the workspaces it is bound to.

    Made, it inherits predictive optimization, which is on in accounts by default.
    """

    token = CATALOG
    securable = "catalog"
    path = ("name",)
    computed = ("metastoreId", "owner")
    defaults: ClassVar[Properties] = {"comment": "", "isolationMode": "OPEN", "enablePredictiveOptimization": "INHERIT"}

    def refusals(self, inputs: Properties) -> Iterator[Refusal]:
        yield from one_of(inputs, {"enablePredictiveOptimization": frozenset({"ENABLE", "DISABLE", "INHERIT"})})

    def outputs(self, inputs: Properties, session: ApiSession) -> Properties:
        return {"metastoreId": METASTORE, "owner": self.account.operator.name}

    def admit(self, session: ApiSession, inputs: Properties) -> None:
        super().admit(session, inputs)
        require_value(inputs, "isolationMode", {"OPEN", "ISOLATED"})
        root = inputs.get("storageRoot")
        if not root:
            return
        self.account.require_location_of(session, root)
        for other in self.account.of(CATALOG):
            other_root = other.attributes.get("storageRoot")
            if other_root and other.id != inputs["name"].lower() and overlap(other_root, root):
                raise CloudError(f"'{root}' overlaps the managed storage of catalog '{other.id}' ({other_root})")

    def admit_change(self, session: ApiSession, found: CloudObject, inputs: Properties) -> None:
        super().admit_change(session, found, inputs)
        self.account.require_catalog(session, found.id)
        self.admit(session, inputs)

    def admit_delete(self, session: ApiSession, found: CloudObject) -> None:
        super().admit_delete(session, found)
        if found.attributes["isolationMode"] == "ISOLATED":
            # The provider binds its own workspace once more before it deletes.
            self.account.isolate(session, "catalog", found.id)
        self.account.require_catalog(session, found.id)
        schemas = self.account.store.schemas(found.id)
        if schemas and not found.attributes.get("forceDestroy"):
            raise CloudError(f"catalog '{found.id}' is not empty: it holds schemas {', '.join(schemas)}")

    def make(self, made: CloudObject, session: ApiSession) -> None:
        self.account.store.create_catalog(made.id, made.attributes.get("storageRoot"))
        # Databricks makes every catalog with a schema `default`, which the provider deletes.
        self.account.steps += [f"make catalog {made.id}", f"delete schema {made.id}.default"]
        if made.attributes["isolationMode"] == "ISOLATED":
            self.account.isolate(session, "catalog", made.id)

    def unmake(self, gone: CloudObject) -> None:
        super().unmake(gone)
        self.account.store.drop_catalog(gone.id)
        self.account.bindings.pop(("catalog", gone.id), None)

    def exists(self, found: CloudObject) -> bool:
        return self.account.store.has_catalog(found.id)


class Schema(NamedInCatalog):
    """A schema of a catalog."""

    token = SCHEMA
    securable = "schema"
    path = ("catalogName", "name")
    computed = ("metastoreId", "owner", "schemaId")
    defaults: ClassVar[Properties] = {"comment": ""}

    def outputs(self, inputs: Properties, session: ApiSession) -> Properties:
        return {
            "metastoreId": METASTORE,
            "owner": self.account.operator.name,
            "schemaId": f"schema-{self.identity(inputs)}",
        }

    def admit(self, session: ApiSession, inputs: Properties) -> None:
        super().admit(session, inputs)
        self.account.require_catalog(session, inputs["catalogName"])
        if inputs.get("storageRoot"):
            self.account.require_location_of(session, inputs["storageRoot"])

    def admit_delete(self, session: ApiSession, found: CloudObject) -> None:
        super().admit_delete(session, found)
        self.account.require_catalog(session, found.attributes["catalogName"])
        place = self.parts(found.attributes)
        held = self.account.store.tables(*place) + self.account.store.volumes(*place)
        if held and not found.attributes.get("forceDestroy"):
            raise CloudError(f"schema '{found.id}' is not empty: it holds {', '.join(held)}")

    def make(self, made: CloudObject, session: ApiSession) -> None:
        self.account.store.create_schema(*self.parts(made.attributes))

    def unmake(self, gone: CloudObject) -> None:
        super().unmake(gone)
        self.account.store.drop_schema(*self.parts(gone.attributes))

    def exists(self, found: CloudObject) -> bool:
        catalog, schema = self.parts(found.attributes)
        return schema in self.account.store.schemas(catalog)


class Volume(NamedInCatalog):
    """Files in a schema, in its own storage or in an external location."""

    token = VOLUME
    securable = "volume"
    path = ("catalogName", "schemaName", "name")
    computed = ("owner", "volumePath")
    defaults: ClassVar[Properties] = {"comment": ""}

    def refusals(self, inputs: Properties) -> Iterator[Refusal]:
        yield from one_of(inputs, {"volumeType": frozenset({"MANAGED", "EXTERNAL"})})

    def outputs(self, inputs: Properties, session: ApiSession) -> Properties:
        return {"owner": self.account.operator.name, "volumePath": "/".join(("/Volumes", *self.parts(inputs)))}

    def admit(self, session: ApiSession, inputs: Properties) -> None:
        super().admit(session, inputs)
        self.account.require_catalog(session, inputs["catalogName"])
        self.account.require(SCHEMA, f"{inputs['catalogName']}.{inputs['schemaName']}".lower())
        self._require_storage(session, inputs)

    def admit_delete(self, session: ApiSession, found: CloudObject) -> None:
        super().admit_delete(session, found)
        self.account.require_catalog(session, found.attributes["catalogName"])

    def make(self, made: CloudObject, session: ApiSession) -> None:
        self.account.store.create_volume(*self.parts(made.attributes))

    def unmake(self, gone: CloudObject) -> None:
        super().unmake(gone)
        self.account.store.drop_volume(*self.parts(gone.attributes))

    def exists(self, found: CloudObject) -> bool:
        catalog, schema, volume = self.parts(found.attributes)
        return volume in self.account.store.volumes(catalog, schema)

    def _require_storage(self, session: ApiSession, inputs: Properties) -> None:
        location = inputs.get("storageLocation")
        if (inputs["volumeType"].upper() == "EXTERNAL") != bool(location):
            raise CloudError(f"volume '{inputs['name']}': an external volume, and no other, has a storage location")
        if location:
            self.account.require_location_of(session, location)
