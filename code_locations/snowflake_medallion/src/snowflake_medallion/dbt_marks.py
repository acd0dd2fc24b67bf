from collections.abc import Iterator, Mapping
from typing import Any

import sqlglot
from platform_contract.domain import Domain, Place
from platform_contract.layer import Layer
from platform_runtime.marks.marks import ALL_MARKED, NO_MARKS, DeclaredMarks, Marks
from platform_runtime.marks.traced_marks import table_name, traced_marks
from sqlglot import exp
from sqlglot.errors import SqlglotError

from snowflake_medallion.asset_keys import dbt_place

_MARK = "pii"
_KINDS = ("model", "snapshot", "seed")
_SHOWN = ("x", "y", "series")


def dbt_marks(manifest: Mapping[str, Any]) -> dict[str, Marks]:
    """The marked columns of every source, seed, model and snapshot, by its unique id.

    `meta: {pii: true}` marks a column once, where its values enter; from there the mark follows them through the
    compiled SELECTs. `pii: false` says of a column that is computed from marked ones that it needs no mark. Of a model
    whose SQL is not there or cannot be read, every column is marked once it reads a table with a mark.

    Args:
        manifest: the dbt project's, with the compiled SQL in it.
    """
    tables = {**manifest["sources"], **{i: n for i, n in manifest["nodes"].items() if n["resource_type"] in _KINDS}}
    dialect = manifest["metadata"]["adapter_type"]
    names = {unique_id: _name(node, dialect) for unique_id, node in tables.items()}
    queries = {unique_id: _query(node, dialect) for unique_id, node in tables.items()}
    marks = {unique_id: NO_MARKS.with_declared(_declared(node)) for unique_id, node in tables.items()}
    # Not in the order of `depends_on`: a SELECT may name a table without `ref`. A mark moves on with every round.
    for _ in tables:
        before, by_name = marks, {names[unique_id]: found for unique_id, found in marks.items()}
        for unique_id, node in tables.items():
            followed = _followed(node, queries[unique_id], before, by_name)
            marks = marks | {unique_id: (before[unique_id] | followed).with_declared(_declared(node))}
        if marks == before:
            break
    return marks


def gold_marks(manifest: Mapping[str, Any], domain: Domain) -> dict[str, Marks]:
    """The marked columns of each gold table of a domain, by table."""
    nodes, marks = manifest["nodes"], dbt_marks(manifest)
    return {
        nodes[unique_id]["alias"].lower(): found
        for unique_id, found in marks.items()
        if unique_id in nodes and dbt_place(nodes[unique_id]) == Place(domain, Layer.GOLD)
    }


class MarkedColumnShownError(ValueError):
    """A model's `meta` asks for a chart of marked values, or a count by them; the message names both, and the fix."""


def check_marks(manifest: Mapping[str, Any]) -> None:
    """Refuse a chart of marked values, and a count by them.

    Raises:
        MarkedColumnShownError: naming every such model and column.
    """
    faults = list(_marked_columns_shown(manifest))
    if faults:
        raise MarkedColumnShownError("; ".join(faults))


def _marked_columns_shown(manifest: Mapping[str, Any]) -> Iterator[str]:
    for unique_id, marks in dbt_marks(manifest).items():
        meta = manifest["nodes"].get(unique_id, {}).get("config", {}).get("meta", {})
        chart = meta.get("chart", {})
        shown = [chart.get(axis) for axis in _SHOWN] + [meta.get("rejected_by")]
        for column in shown:
            if column is not None and marks.cover(column):
                yield (
                    f"{unique_id}: meta shows {column!r}, which holds marked values: show another column, or say "
                    f"`meta: {{{_MARK}: false}}` of it where nothing personal is left in it"
                )


def _followed(
    node: Mapping[str, Any], query: exp.Query | None, marks: Mapping[str, Marks], by_name: Mapping[str, Marks]
) -> Marks:
    if query is not None:
        return traced_marks(query, by_name)
    parents = node.get("depends_on", {}).get("nodes", ())
    return ALL_MARKED if any(marks.get(parent, NO_MARKS).exist for parent in parents) else NO_MARKS


def _query(node: Mapping[str, Any], dialect: str) -> exp.Query | None:
    sql = node.get("compiled_code")
    if not sql or node.get("language") != "sql":
        return None
    try:
        query = sqlglot.parse_one(sql, dialect=dialect)
    except SqlglotError:
        return None
    return query if isinstance(query, exp.Query) else None


def _name(node: Mapping[str, Any], dialect: str) -> str:
    """The table as compiled SQL names it; an ephemeral model is a table expression there."""
    if node["relation_name"] is None:
        return f"__dbt__cte__{node['name']}"
    return table_name(exp.to_table(node["relation_name"], dialect=dialect))


def _declared(node: Mapping[str, Any]) -> DeclaredMarks:
    said = {name.lower(): column["meta"].get(_MARK) for name, column in node["columns"].items()}
    return DeclaredMarks(
        marked=frozenset(name for name, mark in said.items() if mark is True),
        cleared=frozenset(name for name, mark in said.items() if mark is False),
    )
