import itertools
from typing import Annotated, Literal, Self
from uuid import UUID

from platform_contract.databricks_names import Group, Principal
from platform_contract.deployment import deployments
from pydantic import AfterValidator, Field, model_validator
from pydantic.dataclasses import dataclass

from platform_infra.databricks.cloud_storage import CloudStorage
from platform_infra.databricks.storage_url import overlap
from platform_infra.stack_settings.typed_settings import SETTINGS

WorkspaceUrl = Annotated[str, Field(pattern=r"^https://[a-z0-9][a-z0-9.-]*[a-z0-9]$")]
WorkspaceId = Annotated[int, Field(gt=0)]
Repository = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$")]
GroupName = Annotated[str, Field(min_length=1, max_length=255)]


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class PodIdentity:
    """Whom a cluster's tokens say that its pods are: its own issuer, and their ServiceAccount."""

    issuer: Annotated[str, Field(pattern=r"^https://[^\s]+$")]
    subject: Annotated[str, Field(pattern=r"^system:serviceaccount:[a-z0-9-]+:[a-z0-9.-]+$")]


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class ManagedIdentities:
    """Groups and service principals of the account, made by the stack under the contract's names.

    `github_repository` (`owner/name`) is whose pull requests sign in as the CI principal, without a secret.
    `pods` sign in as the pipelines' principal, and `branch_pods`, those of branch deployments, as the CI principal.
    `clone_readers` are account ids of service principals (the host of pull requests prints its own) that may clone this
    deployment's data.
    """

    kind: Literal["managed"]
    github_repository: Repository | None = None
    pods: PodIdentity | None = None
    branch_pods: PodIdentity | None = None
    clone_readers: tuple[Annotated[int, Field(gt=0)], ...] = ()


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class ExistingIdentities:
    """Groups and service principals that somebody else makes: groups by name, principals by application id.

    The groups have to be the account's: a group of a workspace cannot hold a grant of Unity Catalog.
    """

    kind: Literal["existing"]
    engineers: GroupName
    analysts: GroupName
    pipelines: GroupName
    clone_readers: GroupName
    pipeline_principal: UUID
    ci_principal: UUID | None = None

    def group(self, group: Group) -> str:
        """The name of a group in this account."""
        return {
            Group.ENGINEERS: self.engineers,
            Group.ANALYSTS: self.analysts,
            Group.PIPELINES: self.pipelines,
            Group.CLONE_READERS: self.clone_readers,
        }[group]

    def principal(self, principal: Principal) -> str | None:
        """The application id of a service principal; None where there is none."""
        application_id = self.pipeline_principal if principal is Principal.PIPELINE else self.ci_principal
        return None if application_id is None else str(application_id)


type IdentitySettings = Annotated[ManagedIdentities | ExistingIdentities, Field(discriminator="kind")]


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class OtherWorkspace:
    """Another workspace that may use the catalog; with `storage` it may also put catalogs of its own beside it."""

    workspace_id: WorkspaceId
    access: Literal["read_only", "read_write"]
    storage: bool = False

    @model_validator(mode="after")
    def _storage_is_written(self) -> Self:
        if self.storage and self.access == "read_only":
            raise ValueError("storage cannot be shared read-only: set access read_write, or storage false")
        return self


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class Workspace:
    """Where a standing deployment lives: workspace, metastore, storage, who its people and machines are.

    `account_id` is needed wherever the stack makes something in the account: identities, a budget.
    """

    host: WorkspaceUrl
    workspace_id: WorkspaceId
    metastore_id: UUID
    account_id: UUID | None = None
    storage: CloudStorage
    identities: IdentitySettings
    shared_with: tuple[OtherWorkspace, ...] = ()

    @model_validator(mode="after")
    def _account_for_identities(self) -> Self:
        if isinstance(self.identities, ManagedIdentities) and self.account_id is None:
            raise ValueError("identities of kind managed are made in the account: set account_id, or kind existing")
        return self

    @model_validator(mode="after")
    def _shared_with_others(self) -> Self:
        bound = [other.workspace_id for other in self.shared_with]
        if self.workspace_id in bound:
            raise ValueError(
                f"shared_with lists {self.workspace_id}, the workspace itself: remove it, "
                "an isolated catalog is bound to its own workspace already and a second binding breaks destroy"
            )
        if len(bound) != len(set(bound)):
            raise ValueError("shared_with lists a workspace twice: one entry for each")
        return self


def _of_deployments(workspaces: dict[str, Workspace]) -> dict[str, Workspace]:
    known = [one.name for one in deployments().standing]
    for name in workspaces:
        if name not in known:
            raise ValueError(f"{name} is no deployment in the cloud: known are {', '.join(known)}")
    return workspaces


def _storage_apart(workspaces: dict[str, Workspace]) -> dict[str, Workspace]:
    for (one, first), (other, second) in itertools.combinations(workspaces.items(), 2):
        problem = overlapping(one, first, other, second)
        if problem is not None:
            raise ValueError(problem)
    return workspaces


type Workspaces = Annotated[dict[str, Workspace], AfterValidator(_of_deployments), AfterValidator(_storage_apart)]
"""Which deployment lives where, by its name. Nothing falls back on the workspace of another."""


def overlapping(one: str, first: Workspace, other: str, second: Workspace) -> str | None:
    """What is wrong with the storage of two deployments, None where nothing is."""
    if not overlap(first.storage.root, second.storage.root):
        return None
    return (
        f"{one}'s storage root {first.storage.root} and {other}'s {second.storage.root} overlap: "
        "Unity Catalog takes no two external locations of which one lies in the other, give each its own folder"
    )
