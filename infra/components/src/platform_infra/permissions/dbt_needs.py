import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from platform_contract.deployment import DeploymentKind
from platform_contract.layer import Layer
from platform_contract.snowflake_names import SHOP_SCHEMA, Persona

from platform_infra.permissions.declared_rows import Declared, SnowflakeObject, SnowflakeRow
from platform_infra.permissions.errors import DeclarationError

PIPELINE = "dbt"
_LAYERS = {SHOP_SCHEMA.lower(): Layer.RAW} | {layer.value: layer for layer in (Layer.BRONZE, Layer.SILVER, Layer.GOLD)}
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
_STANDING = (DeploymentKind.DEV, DeploymentKind.PROD)


def dbt_needs(manifest: Path) -> list[Declared[SnowflakeRow]]:
    """What the dbt project needs in each schema, from its manifest.

    It reads sources and what its models, tests and snapshots refer to, makes tables and views, and replaces its own; a
    model that is changed in place needs what its strategy does. What an exposure names, reporting tools read.

    Args:
        manifest: `manifest.json` of the project, parsed for any target.

    Raises:
        DeclarationError: when there is no manifest, or a model lies in a schema that no layer has.
    """
    if not manifest.is_file():
        raise DeclarationError(f"{manifest} is missing: dbt parse writes it")
    content = json.loads(manifest.read_text(encoding="utf-8"))
    nodes: dict[str, Mapping[str, Any]] = {**content["nodes"], **content["sources"]}
    rows = [row for node in nodes.values() for row in _node(node, nodes)]
    exposed = [row for exposure in content["exposures"].values() for row in _exposure(exposure, nodes)]
    return [Declared(PIPELINE, row) for row in dict.fromkeys((*rows, *exposed))]


def _node(node: Mapping[str, Any], nodes: Mapping[str, Mapping[str, Any]]) -> Iterator[SnowflakeRow]:
    for read in _read_by(node, nodes):
        yield _transformer(("SELECT",), _stored(read), f"dbt reads {_layer(read).value}")
    if node["resource_type"] in _BUILT and node["config"]["materialized"] != "ephemeral":
        yield from _built(node)


def _built(node: Mapping[str, Any]) -> Iterator[SnowflakeRow]:
    layer, materialized = _layer(node), node["config"]["materialized"]
    creates = {"view": ("CREATE VIEW",), "table": ("CREATE TABLE",)}
    # Changed in place, it is first built beside itself: as a temporary table or view.
    both = ("CREATE TABLE", "CREATE VIEW")
    reason = f"dbt builds {layer.value}"
    yield _transformer(creates.get(materialized, both), SnowflakeObject(schema=layer), reason)
    yield _transformer(("OWNERSHIP",), _stored(node), f"dbt replaces what it made in {layer.value}")
    changes = _changes(node)
    if changes:
        yield _transformer(changes, SnowflakeObject(tables=layer), f"dbt changes tables of {layer.value} in place")


def _changes(node: Mapping[str, Any]) -> tuple[str, ...]:
    match node["config"]["materialized"]:
        case "incremental":
            return _CHANGES[node["config"].get("incremental_strategy") or _SNOWFLAKE_DEFAULT_STRATEGY]
        case "snapshot":
            return _CHANGES["merge"]
        case "seed":
            return ("INSERT", "TRUNCATE")
    return ()


def _exposure(exposure: Mapping[str, Any], nodes: Mapping[str, Mapping[str, Any]]) -> Iterator[SnowflakeRow]:
    for read in _read_by(exposure, nodes):
        yield SnowflakeRow(
            who=Persona.REPORTER,
            may=("SELECT",),
            where=_stored(read),
            reason=f"{exposure['label']} reads {_layer(read).value}",
            kinds=_STANDING,
        )


def _read_by(node: Mapping[str, Any], nodes: Mapping[str, Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    named = [nodes[key] for key in node.get("depends_on", {}).get("nodes", []) if key in nodes]
    return [one for one in named if one["resource_type"] in _READ]


def _stored(node: Mapping[str, Any]) -> SnowflakeObject:
    is_view = node.get("config", {}).get("materialized") == "view"
    return SnowflakeObject(views=_layer(node)) if is_view else SnowflakeObject(tables=_layer(node))


def _layer(node: Mapping[str, Any]) -> Layer:
    schema = node["schema"].lower()
    if schema not in _LAYERS:
        raise DeclarationError(
            f"{node['unique_id']} lies in schema {schema}, which no layer has: "
            f"give it one of {', '.join(sorted(_LAYERS))}"
        )
    return _LAYERS[schema]


def _transformer(may: tuple[str, ...], where: SnowflakeObject, reason: str) -> SnowflakeRow:
    return SnowflakeRow(who=Persona.TRANSFORMER, may=may, where=where, reason=reason)
