"""The arguments of the components: plain values, checked as they are built, known before the cloud is asked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from platform_contract.databricks_names import Group, Principal
from platform_contract.table_upkeep import TableUpkeep

from platform_infra.databricks.argument_error import ArgumentError
from platform_infra.databricks.cloud_storage import CloudStorage, StorageTrust
from platform_infra.databricks.compute_settings import BudgetSettings, JobClusterSettings, SqlWarehouseSettings
from platform_infra.databricks.privilege import Privilege
from platform_infra.databricks.privileges_table import Grantee
from platform_infra.databricks.securable import Securable
from platform_infra.databricks.storage_url import is_storage_url
from platform_infra.databricks.workspaces import OtherWorkspace
from platform_infra.stack_settings.common_settings import Cloud

_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]{0,254}")


@dataclass(frozen=True, slots=True)
class StorageArgs:
    """The credential and external location of a standing deployment; the location only once the cloud trusts it."""

    credential_name: str
    location_name: str
    storage: CloudStorage
    trust: StorageTrust
    credential_comment: str
    location_comment: str
    shared_with: tuple[OtherWorkspace, ...]
    protect: bool

    def __post_init__(self) -> None:
        _check_identifiers(self.credential_name, self.location_name)


@dataclass(frozen=True, slots=True)
class VolumeArgs:
    """A volume whose files Databricks keeps beside the tables; it needs no location of its own."""

    name: str
    comment: str

    def __post_init__(self) -> None:
        _check_identifiers(self.name)


@dataclass(frozen=True, slots=True)
class SchemaArgs:
    """A schema and its volumes."""

    name: str
    comment: str
    volumes: tuple[VolumeArgs, ...]

    def __post_init__(self) -> None:
        _check_identifiers(self.name)


@dataclass(frozen=True, slots=True)
class CatalogArgs:
    """An isolated catalog with storage of its own, its schemas, and the other workspaces that may use it.

    `upkeep` says who keeps its tables: with predictive optimization Databricks does, by jobs that it starts and bills.
    """

    name: str
    storage_root: str
    upkeep: TableUpkeep
    comment: str
    properties: Mapping[str, str]
    schemas: tuple[SchemaArgs, ...]
    shared_with: tuple[OtherWorkspace, ...]
    force_destroy: bool
    protect: bool

    def __post_init__(self) -> None:
        _check_identifiers(self.name)
        if not is_storage_url(self.storage_root):
            raise ArgumentError(
                f"catalog {self.name}: {self.storage_root!r} is no folder in a cloud's storage: "
                "write s3://…, abfss://…@….dfs.core.windows.net/… or gs://…"
            )
        if self.force_destroy and self.protect:
            raise ArgumentError(f"catalog {self.name} is protected and yet may be destroyed with its data: choose one")


@dataclass(frozen=True, slots=True)
class SqlWarehouseArgs:
    """A SQL warehouse and who may use it."""

    name: str
    settings: SqlWarehouseSettings
    tags: Mapping[str, str]
    users: tuple[Grantee, ...]


@dataclass(frozen=True, slots=True)
class ClusterPolicyArgs:
    """The policy that caps what the cluster of a job costs, and who may run jobs under it."""

    name: str
    description: str
    settings: JobClusterSettings
    cloud: Cloud
    tags: Mapping[str, str]
    users: tuple[Grantee, ...]


@dataclass(frozen=True, slots=True)
class FederationArgs:
    """Whose tokens a principal is signed in by, without a secret.

    Attributes:
        name: what the policy is called in the stack, after the deployment's name.
        description: who that is, in words.
        issuer: who signs the tokens.
        audience: what they are for.
        subject: who they say somebody is.
    """

    name: str
    principal: Principal
    description: str
    issuer: str
    audience: str
    subject: str


@dataclass(frozen=True, slots=True)
class IdentitiesArgs:
    """The groups and service principals that a standing deployment makes in the account.

    `members` says which principal is in which group; `clone_readers` are account ids of principals made elsewhere.
    """

    groups: Mapping[Group, str]
    principals: Mapping[Principal, str]
    members: tuple[tuple[Group, Principal], ...]
    clone_readers: tuple[int, ...]
    workspace_id: int
    federation: tuple[FederationArgs, ...]
    protect: bool


@dataclass(frozen=True, slots=True)
class BudgetArgs:
    """What the account watches: the spending that carries the deployment's tag."""

    name: str
    settings: BudgetSettings
    deployment: str


@dataclass(frozen=True, slots=True)
class BudgetPolicyArgs:
    """The tags that serverless jobs carry, in which workspace, and who may run jobs under them."""

    name: str
    account_id: UUID
    workspace_id: int
    tags: Mapping[str, str]
    users: tuple[Grantee, ...]


@dataclass(frozen=True, slots=True)
class GrantsArgs:
    """All privileges on one securable; whoever is not listed has none."""

    securable: Securable
    privileges: tuple[tuple[Grantee, tuple[Privilege, ...]], ...]

    @property
    def logical_name(self) -> str:
        """The same name in every stack: what comes after the catalog, which carries the deployment."""
        _, _, inside = self.securable.name.partition(".")
        return inside or self.securable.kind.value


def _check_identifiers(*names: str) -> None:
    illegal = [name for name in names if not _IDENTIFIER.fullmatch(name)]
    if illegal:
        raise ArgumentError(
            f"{', '.join(map(repr, illegal))} would need quotes everywhere: use lower-case letters, digits and _"
        )
