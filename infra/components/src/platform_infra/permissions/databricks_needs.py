from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from platform_contract.databricks_names import OPERATIONS_SCHEMA, DatabricksNames, Group, Principal, Volume
from platform_contract.domain import Engine
from platform_contract.domains import places_on
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

    def targets(self, stated: DatabricksObject) -> list[tuple[str, str]]:
        """Kind and full name of the object, or of the layer in each domain that is meant."""
        match stated:
            case DatabricksObject(schema=Layer() as layer):
                return [("SCHEMA", schema) for schema in self._schemas(layer, stated.domain)]
            case DatabricksObject(tables=Layer() as layer):
                return [("TABLE", f"{schema}.*") for schema in self._schemas(layer, stated.domain)]
            case DatabricksObject(volume=Volume() as volume):
                return [("VOLUME", self.names.volume(volume))]
            case DatabricksObject(group=Group() as group):
                return [("GROUP", self.grantees[group])]
        standing = {
            "metastore": ("METASTORE", self.metastore),
            "external_location": ("EXTERNAL LOCATION", self.names.external_location),
            "workspace": ("WORKSPACE", self.workspace),
            "sql_warehouse": ("SQL WAREHOUSE", self.names.sql_warehouse),
            "cluster_policy": ("CLUSTER POLICY", self.names.cluster_policy),
            "budget_policy": ("BUDGET POLICY", self.names.budget_policy),
            "catalog": ("CATALOG", self.names.catalog),
        }
        return [next(target for key, target in standing.items() if getattr(stated, key))]

    def _schemas(self, layer: Layer, domain: str | None) -> list[str]:
        places = [place for place in places_on(Engine.DATABRICKS) if place.layer is layer]
        return [self.names.schema(place.schema) for place in places if domain in (None, place.domain.name)]


def databricks_justified(place: DatabricksPlace, declared: Iterable[Declared[DatabricksRow]]) -> list[JustifiedRight]:
    """What is declared for a deployment's Databricks, under the names of its place.

    Whoever may do something inside a schema may also enter it and its catalog.
    """
    here = [one for one in declared if place.names.deployment.has(*one.row.traits)]
    return [right for one in here for right in _rights(place, one)]


def _rights(place: DatabricksPlace, declared: Declared[DatabricksRow]) -> Iterator[JustifiedRight]:
    row = declared.row
    holder = place.holder(row.who)
    reason = Reason(declared.pipeline, row.reason, row.owner)
    for on, name in place.targets(row.where):
        for privilege in row.may:
            yield JustifiedRight(Right(holder, privilege, on, name), reason)
        if on in ("SCHEMA", "TABLE", "VOLUME"):
            schema = OPERATIONS_SCHEMA if on == "VOLUME" else name.split(".")[1]
            yield JustifiedRight(Right(holder, "USE_CATALOG", "CATALOG", place.names.catalog), reason.on_the_way())
            yield JustifiedRight(Right(holder, "USE_SCHEMA", "SCHEMA", place.names.schema(schema)), reason.on_the_way())
