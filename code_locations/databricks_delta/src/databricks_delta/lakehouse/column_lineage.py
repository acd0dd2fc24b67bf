from collections.abc import Iterable

from sqlglot import exp
from sqlglot.lineage import Node, lineage

from databricks_delta.lakehouse.statement import DIALECT, Statement
from databricks_delta.lakehouse.table import LakehouseTable

type SourceColumn = tuple[str, str]
"""A table, `<schema>.<table>`, and one of its columns."""


def column_lineage(statement: Statement, tables: Iterable[LakehouseTable]) -> dict[str, list[SourceColumn]]:
    """Which columns of which tables each column of a SELECT is computed from.

    Args:
        statement: the SELECT.
        tables: every table that it reads.
    """
    # With every output column at once, what they share is looked at once.
    nodes = lineage(None, statement.tree, schema=_schema(tables), dialect=DIALECT, trim_selects=False)
    return {column: sorted(_sources(node)) for column, node in nodes.items()}


def _schema(tables: Iterable[LakehouseTable]) -> dict[str, dict[str, dict[str, str]]]:
    schema: dict[str, dict[str, dict[str, str]]] = {}
    for table in tables:
        types = {column.name: column.type.value for column in table.columns}
        schema.setdefault(table.schema, {})[table.name] = types
    return schema


def _sources(node: Node) -> set[SourceColumn]:
    leaves = [leaf for leaf in node.walk() if not leaf.downstream]
    return {
        (f"{leaf.source.db}.{leaf.source.name}", exp.to_column(leaf.name).name)
        for leaf in leaves
        if isinstance(leaf.source, exp.Table)
    }
