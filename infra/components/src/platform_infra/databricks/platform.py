from collections.abc import Mapping
from typing import Any

import pulumi

from platform_infra.databricks.arguments import GrantsArgs
from platform_infra.databricks.budget import Budget
from platform_infra.databricks.budget_policy import BudgetPolicy
from platform_infra.databricks.catalog import Catalog
from platform_infra.databricks.cluster_policy import ClusterPolicy
from platform_infra.databricks.databricks_component import DatabricksComponent
from platform_infra.databricks.grantees import Grantees
from platform_infra.databricks.identities import Identities
from platform_infra.databricks.metastore_grants import MetastoreGrants
from platform_infra.databricks.plan import DatabricksPlan
from platform_infra.databricks.securable import SecurableKind
from platform_infra.databricks.securable_grants import SecurableGrants
from platform_infra.databricks.sql_warehouse import SqlWarehouse
from platform_infra.databricks.storage import Storage


class DatabricksPlatform(DatabricksComponent[DatabricksPlan]):
    """Everything that one deployment has in Databricks; a part that the deployment lacks is None."""

    type_token = "platform:databricks:Platform"  # noqa: S105 - a resource type, not a secret

    grantees: Grantees
    identities: Identities | None
    storage: Storage | None
    catalog: Catalog | None
    sql_warehouse: SqlWarehouse | None
    cluster_policy: ClusterPolicy | None
    budget: Budget | None
    budget_policy: BudgetPolicy | None
    privileges: list[SecurableGrants | MetastoreGrants]

    def declare(self, name: str, args: DatabricksPlan) -> Mapping[str, Any]:  # noqa: ARG002 - one a stack
        """Make who may use things, then the things, then say who may use which."""
        self.identities = Identities("identities", args.identities, self.providers, self) if args.identities else None
        self.storage = Storage("storage", args.storage, self.providers, self) if args.storage else None
        self.catalog = self._catalog(args)
        self.grantees = self._grantees(args)
        self.sql_warehouse = (
            SqlWarehouse("sql", args.sql_warehouse, self.grantees, self.providers, self) if args.sql_warehouse else None
        )
        self.cluster_policy = (
            ClusterPolicy("jobs", args.cluster_policy, self.grantees, self.providers, self)
            if args.cluster_policy
            else None
        )
        self.budget = Budget("budget", args.budget, self.providers, self) if args.budget else None
        self.budget_policy = (
            BudgetPolicy("serverless", args.budget_policy, self.grantees, self.providers, self)
            if args.budget_policy
            else None
        )
        self.privileges = [self._privileges(one) for one in args.grants]
        return {"catalog": args.catalog.name if args.catalog else None}

    def _catalog(self, args: DatabricksPlan) -> Catalog | None:
        if args.catalog is None:
            return None
        located_in = self.storage.location if self.storage is not None else None
        return Catalog("catalog", args.catalog, located_in, self.providers, self)

    def _grantees(self, args: DatabricksPlan) -> Grantees:
        if self.identities is None:
            return Grantees(args.grantees, [])
        made = {kind: principal.application_id for kind, principal in self.identities.principals.items()}
        return Grantees({**args.grantees, **made}, self.identities.made)

    def _privileges(self, args: GrantsArgs) -> SecurableGrants | MetastoreGrants:
        if args.securable.kind is SecurableKind.METASTORE:
            return MetastoreGrants(args, self.grantees, self.providers, self)
        return SecurableGrants(args, self.grantees, self._made[args.logical_name], self.providers, self)

    @property
    def _made(self) -> Mapping[str, pulumi.Resource]:
        """The securables that this stack makes, each under the logical name of its grants."""
        location = self.storage.location if self.storage is not None else None
        return {
            **({} if location is None else {SecurableKind.EXTERNAL_LOCATION.value: location}),
            **({} if self.catalog is None else self.catalog.securables),
        }
