from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tests.fakes.pulumi_provider.databricks.authority import EVERY_ADMINISTRATOR
from tests.fakes.pulumi_provider.databricks.storage_url import contains
from tests.fakes.pulumi_provider.databricks.store import LakehouseStore
from tests.fakes.pulumi_provider.databricks.tokens import (
    CATALOG,
    EXTERNAL_LOCATION,
    GROUP,
    GROUP_MEMBER,
    PERMISSION_ASSIGNMENT,
    SERVICE_PRINCIPAL,
)
from tests.fakes.pulumi_provider.inventory import CloudObject, Inventory
from tests.fakes.pulumi_provider.refusal import CloudError

_EVERYONE = "account users"

# The kind of a securable in the provider's words, and its name.
type Securable = tuple[str, str]


class Level(StrEnum):
    """Where an API call goes: to the account console, or to one workspace."""

    ACCOUNT = "account"
    WORKSPACE = "workspace"


@dataclass(frozen=True, slots=True)
class ApiSession:
    """One provider instance: signed in to the account of that id, or to the workspace of that id.

    `retry_seconds` is how long it asks again for what is refused for the moment.
    """

    level: Level
    workspace_id: str
    account_id: str
    retry_seconds: int


class DatabricksAccount(Inventory):
    """What exists in one account: a metastore that its workspaces share, its groups and principals.

    `workspaces` maps each workspace's host name to its id; the first one is where a provider without a host signs in.
    """

    def __init__(self, workspaces: Mapping[str, str], store: LakehouseStore) -> None:
        super().__init__()
        self.workspaces = workspaces
        self.store = store
        # Who the credentials in the engine's environment are, which no provider is told.
        self.operator = EVERY_ADMINISTRATOR
        # What the provider did about isolation, call by call.
        self.steps: list[str] = []
        # How long a SQL warehouse takes to run, and for how long the next call is answered with 429; seconds.
        self.warehouse_start = 0
        self.throttled = 0
        # (securable type, name) → the workspaces that see it, where it is isolated.
        self.bindings: dict[tuple[str, str], set[str]] = {}
        # securable → principal → privileges
        self.privileges: dict[Securable, dict[str, list[str]]] = {}
        self._trusted: set[str] = set()

    def trust(self, credential: str) -> None:
        """Set up in the cloud, as its operator does by hand, that a storage credential may reach the storage."""
        self._trusted.add(credential)

    def is_trusted(self, credential: str) -> bool:
        """Whether the cloud lets that storage credential in."""
        return credential in self._trusted

    def optimized_catalogs(self) -> list[str]:
        """The catalogs whose tables Databricks optimizes and vacuums by itself, and bills.

        That is on by default for accounts, and inherited by every catalog that does not say otherwise
        (docs.databricks.com, Predictive optimization for Unity Catalog managed tables).
        """
        return [one.id for one in self.of(CATALOG) if one.attributes["enablePredictiveOptimization"] != "DISABLE"]

    def require(self, token: str, object_id: str) -> CloudObject:
        """The object of that type and id; raises CloudError when there is none."""
        found = self.find(token, object_id)
        if found is None:
            raise CloudError(f"{token.rpartition(':')[2]} '{object_id}' does not exist")
        return found

    def require_catalog(self, session: ApiSession, catalog: str) -> CloudObject:
        """A catalog that exists and that the session's workspace may see."""
        found = self.require(CATALOG, catalog.lower())
        if not self.store.has_catalog(catalog.lower()):
            raise CloudError(f"Catalog '{catalog}' does not exist")
        self.require_bound(session, "catalog", found.id)
        return found

    def require_bound(self, session: ApiSession, kind: str, name: str) -> None:
        """Raise CloudError for an isolated securable that the session's workspace is not bound to."""
        bound = self.bindings.get((kind, name))
        if bound is not None and session.workspace_id not in bound:
            raise CloudError(f"{kind} '{name}' is not accessible from workspace {session.workspace_id}: not bound")

    def isolate(self, session: ApiSession, kind: str, name: str) -> None:
        """Close a securable to all workspaces but the session's own, as the provider does once it is there.

        It makes the securable open, isolates it and then binds the workspace that it is signed in to
        (terraform-provider-databricks, catalog/resource_*.go and catalog/bindings/bindings.go). An older one
        left the last step out for locations and credentials, which nobody could reach then (its issue 3921).
        """
        self.steps += [f"isolate {kind} {name}", f"bind {kind} {name} to {session.workspace_id}"]
        self.bindings.setdefault((kind, name), set()).add(session.workspace_id)

    def require_location_of(self, session: ApiSession, url: str) -> CloudObject:
        """The external location that a storage path lies in; raises CloudError when the workspace sees none."""
        for location in self.of(EXTERNAL_LOCATION):
            if contains(location.attributes["url"], url):
                self.require_bound(session, "external_location", location.id)
                return location
        raise CloudError(f"no external location contains '{url}'")

    def has_securable(self, securable: Securable) -> bool:
        """Whether the stores, which may have lost it, still have a catalog, schema or volume."""
        kind, (catalog, *inside) = securable[0], securable[1].split(".")
        match kind, inside:
            case "catalog", []:
                return self.store.has_catalog(catalog)
            case "schema", [schema]:
                return schema in self.store.schemas(catalog)
            case "volume", [schema, volume]:
                return volume in self.store.volumes(catalog, schema)
        return True

    def host(self, workspace_id: str) -> str:
        """The host name of a workspace."""
        return next(host for host, known in self.workspaces.items() if known == workspace_id)

    def residents(self, token: str, workspace_id: str) -> list[CloudObject]:
        """The groups or principals a workspace knows: its own, those assigned to it, and members of assigned groups."""
        return [found for found in self.of(token) if self._resides(found, workspace_id)]

    def was_granted(self, kind: str, privilege: str, name: str | None) -> bool:
        """Whether the operator itself holds a privilege on a securable of that kind, and of that name if not None."""
        on_these = [held for on, held in self.privileges.items() if on[0] == kind and name in (None, on[1])]
        return any(privilege in held.get(self.operator.name, ()) for held in on_these)

    def require_principal(self, principal: str) -> None:
        """Raise CloudError unless Unity Catalog can grant to that name: groups and principals of the account only."""
        known = {group.attributes["displayName"] for group in self._of_account(GROUP)}
        known |= {service.attributes["applicationId"] for service in self._of_account(SERVICE_PRINCIPAL)}
        if principal not in known and principal != _EVERYONE and "@" not in principal:
            raise CloudError(f"could not find principal with name {principal}: the account has none")

    def _resides(self, found: CloudObject, workspace_id: str) -> bool:
        if found.owner == Level.WORKSPACE or self.find(PERMISSION_ASSIGNMENT, f"{workspace_id}|{found.id}") is not None:
            return True
        groups = (m.attributes["groupId"] for m in self.of(GROUP_MEMBER) if m.attributes["memberId"] == found.id)
        return any(self._resides(self.require(GROUP, group), workspace_id) for group in groups)

    def _of_account(self, token: str) -> list[CloudObject]:
        return [found for found in self.of(token) if found.owner == Level.ACCOUNT]
