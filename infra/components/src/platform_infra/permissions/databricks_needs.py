from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from platform_contract.databricks_names import OPERATIONS_SCHEMA, DatabricksNames, Group, Principal, Volume
from platform_contract.layer import Layer

from platform_infra.databricks.plan import DatabricksPlan
from platform_infra.databricks.privileges_table import Grantee
from platform_infra.permissions.declared_rows import DatabricksObject, DatabricksRow, Declared
from platform_infra.permissions.right import JustifiedRight, Reason, Right


@dataclass(frozen=True, slots=True)
class DatabricksPlace:
    """What things are called where a deployment lives."""

    names: DatabricksNames
    grantees: Mapping[Grantee, str]
    metastore: str
    workspace: str

    @staticmethod
    def of(plan: DatabricksPlan) -> "DatabricksPlace":
        """The place of a plan's deployment."""
        names = DatabricksNames(plan.deployment)
        return DatabricksPlace(names, plan.grantees, str(plan.workspace.metastore_id), str(plan.workspace.workspace_id))

    def holder(self, who: Group | Principal) -> str:
        """The name that the right of a group or principal is recorded under."""
        if isinstance(who, Principal):
            return self.grantees.get(who, self.names.principal(who))
        return self.grantees[who]

    def target(self, stated: DatabricksObject) -> tuple[str, str]:
        """Kind and full name of an object."""
        match stated:
            case DatabricksObject(schema=Layer() as layer):
                return "SCHEMA", self.names.schema(layer.value)
            case DatabricksObject(tables=Layer() as layer):
                return "TABLE", f"{self.names.schema(layer.value)}.*"
            case DatabricksObject(volume=Volume() as volume):
                return "VOLUME", self.names.volume(volume)
            case DatabricksObject(group=Group() as group):
                return "GROUP", self.grantees[group]
        standing = {
            "metastore": ("METASTORE", self.metastore),
            "external_location": ("EXTERNAL LOCATION", self.names.external_location),
            "workspace": ("WORKSPACE", self.workspace),
            "sql_warehouse": ("SQL WAREHOUSE", self.names.sql_warehouse),
            "cluster_policy": ("CLUSTER POLICY", self.names.cluster_policy),
            "budget_policy": ("BUDGET POLICY", self.names.budget_policy),
            "catalog": ("CATALOG", self.names.catalog),
        }
        return next(target for key, target in standing.items() if getattr(stated, key))


def databricks_justified(place: DatabricksPlace, declared: Iterable[Declared[DatabricksRow]]) -> list[JustifiedRight]:
    """What is declared for a deployment's Databricks, under the names of its place.

    Whoever may do something inside a schema may also enter it and its catalog.
    """
    here = [one for one in declared if place.names.deployment.kind in one.row.kinds]
    return [right for one in here for right in _rights(place, one)]


def _rights(place: DatabricksPlace, declared: Declared[DatabricksRow]) -> Iterator[JustifiedRight]:
    row = declared.row
    holder = place.holder(row.who)
    reason = Reason(declared.pipeline, row.reason, row.owner)
    on, name = place.target(row.where)
    for privilege in row.may:
        yield JustifiedRight(Right(holder, privilege, on, name), reason)
    if on in ("SCHEMA", "TABLE", "VOLUME"):
        schema = OPERATIONS_SCHEMA if on == "VOLUME" else name.split(".")[1]
        yield JustifiedRight(Right(holder, "USE_CATALOG", "CATALOG", place.names.catalog), reason.on_the_way())
        yield JustifiedRight(Right(holder, "USE_SCHEMA", "SCHEMA", place.names.schema(schema)), reason.on_the_way())
