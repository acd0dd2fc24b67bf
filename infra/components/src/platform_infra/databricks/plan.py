from collections.abc import Mapping
from dataclasses import dataclass

from platform_contract.databricks_names import OPERATIONS_SCHEMA, DatabricksNames, Group, Principal, Volume
from platform_contract.deployment import Deployment, Trait
from platform_contract.domain import Engine, Place
from platform_contract.domains import places_on
from platform_contract.layer import Layer
from platform_contract.table_upkeep import table_upkeep_of

from platform_infra.databricks.arguments import (
    BudgetArgs,
    BudgetPolicyArgs,
    CatalogArgs,
    ClusterPolicyArgs,
    GrantsArgs,
    IdentitiesArgs,
    SchemaArgs,
    SqlWarehouseArgs,
    StorageArgs,
    VolumeArgs,
)
from platform_infra.databricks.cloud_storage import StorageTrust
from platform_infra.databricks.compute_rights import Compute, ComputeRow, compute_rights_of
from platform_infra.databricks.federation import federation
from platform_infra.databricks.merged_grants import merged_grants
from platform_infra.databricks.privileges_table import Grantee, PrivilegeRow, privileges_of
from platform_infra.databricks.securable import SecurableKind
from platform_infra.databricks.settings import DatabricksSettings
from platform_infra.databricks.workspaces import ExistingIdentities, Workspace
from platform_infra.labels.labels import Labels

_LAYER_PURPOSES = {
    Layer.BRONZE: "Rows as they arrived",
    Layer.SILVER: "Rows typed, converted and checked, and the rejected ones",
    Layer.GOLD: "What people and tools read",
}
_OPERATIONS_PURPOSE = "Files and scripts of the pipelines"
_VOLUME_PURPOSES = {
    Volume.LANDING: "Files as they arrive",
    Volume.CODE: "Scripts that jobs run",
}
# On the metastore and the storage, which are there while no catalog is.
_APART_FROM_THE_CATALOG = frozenset({SecurableKind.METASTORE})


@dataclass(frozen=True, slots=True)
class DatabricksPlan:
    """Everything that a deployment has in Databricks, as values: what the components make, and no more.

    `grantees` are the groups and principals that exist already, under the name that a grant gives them.
    """

    deployment: Deployment
    workspace: Workspace
    settings: DatabricksSettings
    storage: StorageArgs | None
    catalog: CatalogArgs | None
    identities: IdentitiesArgs | None
    grantees: Mapping[Grantee, str]
    sql_warehouse: SqlWarehouseArgs | None
    cluster_policy: ClusterPolicyArgs | None
    budget: BudgetArgs | None
    budget_policy: BudgetPolicyArgs | None
    privileges: tuple[PrivilegeRow, ...]
    compute_rights: tuple[ComputeRow, ...]

    @property
    def grants(self) -> tuple[GrantsArgs, ...]:
        """The privileges, one entry for each securable."""
        return merged_grants(self.privileges)


def databricks_plan(deployment: Deployment, settings: DatabricksSettings, workspace: Workspace) -> DatabricksPlan:
    """Work out what a deployment has in Databricks.

    A pull request has a catalog in its host's storage and nothing else. A standing deployment whose storage the cloud
    does not trust yet has everything but the storage's location, the catalog and the grants on them.
    """
    drafter = _Drafter(deployment, settings, workspace, DatabricksNames(deployment), settings.labels(deployment))
    standing = not deployment.has(Trait.PULL_REQUEST)
    return DatabricksPlan(
        deployment=deployment,
        workspace=workspace,
        settings=settings,
        storage=drafter.storage() if standing else None,
        catalog=drafter.catalog() if drafter.has_catalog else None,
        identities=drafter.identities() if standing else None,
        grantees=drafter.grantees(),
        sql_warehouse=drafter.sql_warehouse() if standing else None,
        cluster_policy=drafter.cluster_policy() if standing else None,
        budget=drafter.budget() if standing else None,
        budget_policy=drafter.budget_policy() if standing else None,
        privileges=drafter.privileges(),
        compute_rights=drafter.compute_rights(),
    )


@dataclass(frozen=True, slots=True)
class _Drafter:
    deployment: Deployment
    settings: DatabricksSettings
    workspace: Workspace
    names: DatabricksNames
    labels: Labels

    @property
    def has_catalog(self) -> bool:
        """A pull request comes after its host, whose storage is trusted by then."""
        return self.deployment.has(Trait.PULL_REQUEST) or self.settings.storage_trust is StorageTrust.ESTABLISHED

    def storage(self) -> StorageArgs:
        return StorageArgs(
            credential_name=self.names.storage_credential,
            location_name=self.names.external_location,
            storage=self.workspace.storage,
            trust=self.settings.storage_trust,
            credential_comment=self.labels.comment("Reads and writes the lakehouse"),
            location_comment=self.labels.comment("Where the catalogs keep their tables and volumes"),
            shared_with=tuple(other for other in self.workspace.shared_with if other.storage),
            protect=self.deployment.has(Trait.PROTECTS_DATA),
        )

    def catalog(self) -> CatalogArgs:
        return CatalogArgs(
            name=self.names.catalog,
            storage_root=f"{self.workspace.storage.root}/{self.names.storage_folder}",
            upkeep=table_upkeep_of(self.deployment),
            comment=self.labels.comment("The lakehouse"),
            properties=self.labels.tags(),
            schemas=(*map(self._schema, places_on(Engine.DATABRICKS)), self._operations()),
            shared_with=() if self.deployment.has(Trait.PULL_REQUEST) else self.workspace.shared_with,
            force_destroy=self.deployment.has(Trait.PULL_REQUEST),
            protect=self.deployment.has(Trait.PROTECTS_DATA),
        )

    def _schema(self, place: Place) -> SchemaArgs:
        return SchemaArgs(name=place.schema, comment=self.labels.comment(_LAYER_PURPOSES[place.layer]), volumes=())

    def _operations(self) -> SchemaArgs:
        return SchemaArgs(
            name=OPERATIONS_SCHEMA,
            comment=self.labels.comment(_OPERATIONS_PURPOSE),
            volumes=tuple(VolumeArgs(v.value, self.labels.comment(_VOLUME_PURPOSES[v])) for v in Volume),
        )

    def identities(self) -> IdentitiesArgs | None:
        stated = self.workspace.identities
        if isinstance(stated, ExistingIdentities):
            return None
        hosts = self.deployment.has(Trait.HOSTS_PULL_REQUESTS)
        principals = (Principal.PIPELINE, Principal.CI) if hosts else (Principal.PIPELINE,)
        return IdentitiesArgs(
            groups={group: self.names.group(group) for group in self._own_groups()},
            principals={principal: self.names.principal(principal) for principal in principals},
            members=((Group.PIPELINES, Principal.PIPELINE),),
            clone_readers=stated.clone_readers if self.deployment.has(Trait.CLONED) else (),
            workspace_id=self.workspace.workspace_id,
            federation=tuple(
                trusted
                for trusted in federation(stated, str(self.workspace.account_id))
                if trusted.principal in principals
            ),
            protect=self.deployment.has(Trait.PROTECTS_DATA),
        )

    def _own_groups(self) -> tuple[Group, ...]:
        standing = (Group.ENGINEERS, Group.ANALYSTS, Group.PIPELINES)
        return (*standing, Group.CLONE_READERS) if self.deployment.has(Trait.CLONED) else standing

    def grantees(self) -> Mapping[Grantee, str]:
        stated = self.workspace.identities
        if isinstance(stated, ExistingIdentities):
            principals = {p: stated.principal(p) for p in Principal}
            known = {p: application_id for p, application_id in principals.items() if application_id is not None}
            return {**{group: stated.group(group) for group in Group}, **known}
        return {group: self.names.group(group) for group in Group}

    def sql_warehouse(self) -> SqlWarehouseArgs:
        return SqlWarehouseArgs(
            name=self.names.sql_warehouse,
            settings=self.settings.sql_warehouse,
            tags=self.labels.tags(),
            users=self._users(Compute.SQL_WAREHOUSE),
        )

    def cluster_policy(self) -> ClusterPolicyArgs:
        return ClusterPolicyArgs(
            name=self.names.cluster_policy,
            description=self.labels.comment("Caps what a cluster of a job costs"),
            settings=self.settings.job_clusters,
            cloud=self.settings.cloud,
            tags=self.labels.tags(),
            users=self._users(Compute.CLUSTER_POLICY),
        )

    def _users(self, compute: Compute) -> tuple[Grantee, ...]:
        return tuple(row.grantee for row in compute_rights_of(self.deployment) if row.compute is compute)

    def compute_rights(self) -> tuple[ComputeRow, ...]:
        rows = compute_rights_of(self.deployment)
        lacks_policy = self.workspace.account_id is None
        return tuple(row for row in rows if not (lacks_policy and row.compute is Compute.BUDGET_POLICY))

    def budget(self) -> BudgetArgs | None:
        if self.settings.budget is None:
            return None
        return BudgetArgs(self.names.budget, self.settings.budget, self.deployment.name)

    def budget_policy(self) -> BudgetPolicyArgs | None:
        if self.workspace.account_id is None:
            return None
        return BudgetPolicyArgs(
            name=self.names.budget_policy,
            account_id=self.workspace.account_id,
            workspace_id=self.workspace.workspace_id,
            tags=self.labels.tags(),
            users=self._users(Compute.BUDGET_POLICY),
        )

    def privileges(self) -> tuple[PrivilegeRow, ...]:
        rows = privileges_of(self.names, str(self.workspace.metastore_id))
        return rows if self.has_catalog else tuple(r for r in rows if r.securable.kind in _APART_FROM_THE_CATALOG)
