import dagster as dg
import duckdb

from architecture_patterns.defs.lakehouse_pipeline.delta_tables import DeltaTables
from architecture_patterns.table_metadata import markdown_table, table_metadata

_VERSIONS = 15


def delta_metadata(tables: DeltaTables, name: str) -> dict[str, dg.MetadataValue]:
    """What a materialisation says of a Delta table: rows, a preview, its version and the versions before."""
    table = tables.open(name)
    with duckdb.connect() as connection:
        first = connection.from_arrow(table.scan()).limit(10)
        metadata = table_metadata(table.count(), first.columns, first.fetchall())
    return metadata | {
        "delta_version": dg.MetadataValue.int(table.version()),
        "versions": _versions(tables, name),
        "uri": dg.MetadataValue.text(tables.uri(name)),
    }


def _versions(tables: DeltaTables, name: str) -> dg.MetadataValue:
    rows = [
        (
            commit["version"],
            commit["operation"],
            commit.get("source_file") or commit.get("derived_from"),
            tables.open_version(name, commit["version"]).count(),
        )
        for commit in tables.open(name).history(_VERSIONS)
    ]
    return markdown_table(("version", "operation", "from", "rows then"), rows)
