import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platform_contract.deployment import Trait
from platform_contract.domain import Domain, Place
from platform_contract.snowflake_names import Persona

from platform_infra.permissions.declared_rows import Declared, SnowflakeObject, SnowflakeRow
from platform_infra.permissions.errors import DeclarationError

PIPELINE = "dbt"
_BUILT = frozenset({"model", "seed", "snapshot"})
_READ = frozenset({"model", "seed", "snapshot", "source"})
# How dbt changes what is there already: it inserts, deletes and inserts, or merges.
_CHANGES = {
    "append": ("INSERT",),
    "delete+insert": ("INSERT", "DELETE"),
    "merge": ("INSERT", "UPDATE"),
    "insert_overwrite": ("INSERT", "TRUNCATE"),
}
_SNOWFLAKE_DEFAULT_STRATEGY = "merge"
# Nobody reports from a pull request.
_STANDING = (Trait.STANDING,)


def dbt_needs(manifest: Path, domains: Sequence[Domain]) -> list[Declared[SnowflakeRow]]:
    """What the dbt project needs in each schema, from its manifest.

    It reads sources and what its models, tests and snapshots refer to, makes tables and views, and replaces its own; a
    model that is changed in place needs what its strategy does. What an exposure names, reporting tools read.

    Args:
        manifest: `manifest.json` of the project, parsed for any target.
        domains: those whose tables are built in Snowflake.

    Raises:
        DeclarationError: when there is no manifest, or a model lies in a schema that no domain has.
    """
    if not manifest.is_file():
        raise DeclarationError(f"{manifest} is missing: dbt parse writes it")
    content = json.loads(manifest.read_text(encoding="utf-8"))
    project = _Project(
        nodes={**content["nodes"], **content["sources"]},
        places={place.schema: place for domain in domains for place in domain.places},
    )
    rows = [row for node in project.nodes.values() for row in project.needs_of(node)]
    exposed = [row for exposure in content["exposures"].values() for row in project.needs_of_exposure(exposure)]
    return [Declared(PIPELINE, row) for row in dict.fromkeys((*rows, *exposed))]


@dataclass(frozen=True, slots=True)
class _Project:
    """The nodes of a manifest by their unique ids, and the places of all domains by schema."""

    nodes: Mapping[str, Mapping[str, Any]]
    places: Mapping[str, Place]

    def needs_of(self, node: Mapping[str, Any]) -> Iterator[SnowflakeRow]:
        for read in self._read_by(node):
            yield _transformer(("SELECT",), self._stored(read), f"dbt reads {self._place(read)}")
        if node["resource_type"] in _BUILT and node["config"]["materialized"] != "ephemeral":
            yield from self._built(node)

    def needs_of_exposure(self, exposure: Mapping[str, Any]) -> Iterator[SnowflakeRow]:
        for read in self._read_by(exposure):
            yield SnowflakeRow(
                who=Persona.REPORTER,
                may=("SELECT",),
                where=self._stored(read),
                reason=f"{exposure['label']} reads {self._place(read)}",
                traits=_STANDING,
            )

    def _built(self, node: Mapping[str, Any]) -> Iterator[SnowflakeRow]:
        place, materialized = self._place(node), node["config"]["materialized"]
        creates = {"view": ("CREATE VIEW",), "table": ("CREATE TABLE",)}
        # Changed in place, it is first built beside itself: as a temporary table or view.
        both = ("CREATE TABLE", "CREATE VIEW")
        schema = SnowflakeObject(schema=place.layer, domain=place.domain.name)
        yield _transformer(creates.get(materialized, both), schema, f"dbt builds {place}")
        yield _transformer(("OWNERSHIP",), self._stored(node), f"dbt replaces what it made in {place}")
        changes = _changes(node)
        if changes:
            tables = SnowflakeObject(tables=place.layer, domain=place.domain.name)
            yield _transformer(changes, tables, f"dbt changes tables of {place} in place")

    def _read_by(self, node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        named = [self.nodes[key] for key in node.get("depends_on", {}).get("nodes", []) if key in self.nodes]
        return [one for one in named if one["resource_type"] in _READ]

    def _stored(self, node: Mapping[str, Any]) -> SnowflakeObject:
        place, is_view = self._place(node), node.get("config", {}).get("materialized") == "view"
        if is_view:
            return SnowflakeObject(views=place.layer, domain=place.domain.name)
        return SnowflakeObject(tables=place.layer, domain=place.domain.name)

    def _place(self, node: Mapping[str, Any]) -> Place:
        schema = node["schema"].lower()
        if schema not in self.places:
            raise DeclarationError(
                f"{node['unique_id']} lies in schema {schema}, which no layer of a domain has: "
                f"give it one of {', '.join(sorted(self.places))}"
            )
        return self.places[schema]


def _changes(node: Mapping[str, Any]) -> tuple[str, ...]:
    match node["config"]["materialized"]:
        case "incremental":
            return _CHANGES[node["config"].get("incremental_strategy") or _SNOWFLAKE_DEFAULT_STRATEGY]
        case "snapshot":
            return _CHANGES["merge"]
        case "seed":
            return ("INSERT", "TRUNCATE")
    return ()


def _transformer(may: tuple[str, ...], where: SnowflakeObject, reason: str) -> SnowflakeRow:
    return SnowflakeRow(who=Persona.TRANSFORMER, may=may, where=where, reason=reason)
