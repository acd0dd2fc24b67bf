"""COPY INTO bronze, of named files alone."""

from collections.abc import Iterable, Sequence
from datetime import UTC

import sqlglot
from sqlglot import exp

from databricks_delta.lakehouse.bronze_columns import INGESTED_AT, SOURCE_FILE, SOURCE_MODIFIED_AT, SOURCE_SHA256
from databricks_delta.lakehouse.databricks.landed_batch import CheckedFile
from databricks_delta.lakehouse.databricks.landing_volume import names_in_queries
from databricks_delta.lakehouse.databricks_sql import sql_text
from databricks_delta.lakehouse.landing import LandingSource
from databricks_delta.lakehouse.statement import DIALECT
from databricks_delta.lakehouse.table import LakehouseTable

# Every field as the text that stands there; a line break within quotes, and a quote doubled. A row of too few or too
# many fields fails the load.
_FORMAT_OPTIONS = {"header": "true", "inferSchema": "false", "multiLine": "true", "escape": '"', "mode": "FAILFAST"}


def copy_into(
    bronze: LakehouseTable, source: LandingSource, folder: str, files: Sequence[CheckedFile], *, force: bool
) -> str:
    """Load files whose columns stand in one order, every row with where it came from.

    A row of a file that is not exactly the one that was judged, by size and time, gets no SHA-256, which the table
    refuses: then nothing is loaded at all.

    Args:
        bronze: the table.
        source: what stands in the files.
        folder: absolute path of their folder.
        files: at most a thousand, which is what Databricks takes.
        force: load paths that the table remembers to have loaded as well.
    """
    options = ", ".join(f"{sql_text(name)} = {sql_text(value)}" for name, value in _FORMAT_OPTIONS.items())
    return (
        f"COPY INTO {bronze.full_name} FROM (\n"
        f"SELECT {',\n'.join(_columns(source, files))}\n"
        f"FROM {sql_text(folder)}) FILEFORMAT = CSV\n"
        f"FILES = ({', '.join(sql_text(file.file.name) for file in files)})\n"
        f"FORMAT_OPTIONS ({options})\n"
        f"COPY_OPTIONS ('force' = '{str(force).lower()}', 'mergeSchema' = 'false')"
    )


def _columns(source: LandingSource, files: Sequence[CheckedFile]) -> Iterable[str]:
    for name in source.columns:
        yield f"{_text_of(f'`{name}`')} AS `{name}`"
    yield f"{_by_file((file, file.file.name) for file in files)} AS {SOURCE_FILE}"
    yield f"{_by_file((file, file.sha256) for file in files)} AS {SOURCE_SHA256}"
    yield f"_metadata.file_modification_time AS {SOURCE_MODIFIED_AT}"
    yield f"current_timestamp() AS {INGESTED_AT}"
    yield f"{_period(source)} AS {source.granularity.column}"


def _text_of(column: str) -> str:
    # Spark reads a field without a character as null, whatever its options say.
    return f"coalesce({column}, '')"


def _by_file(values: Iterable[tuple[CheckedFile, str]]) -> str:
    cases = " ".join(f"WHEN {_is_file(file)} THEN {sql_text(value)}" for file, value in values)
    return f"CASE {cases} END"


def _is_file(checked: CheckedFile) -> str:
    names = ", ".join(map(sql_text, names_in_queries(checked.file.name)))
    moment = f"{checked.file.modified_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
    return (
        f"_metadata.file_name IN ({names}) AND _metadata.file_size = {checked.file.size_bytes} "
        f"AND _metadata.file_modification_time = TIMESTAMP '{moment}'"
    )


def _period(source: LandingSource) -> str:
    """The row's period, with values for parameters, which COPY INTO takes none of."""
    instant = sqlglot.parse_one(source.event_time, dialect=DIALECT).transform(_inlined, source)
    return source.period_of(instant.sql(dialect=DIALECT))


def _inlined(node: exp.Expr, source: LandingSource) -> exp.Expr:
    if isinstance(node, exp.Placeholder):
        return exp.convert(source.parameters[node.name])
    if isinstance(node, exp.Column):
        return sqlglot.parse_one(_text_of(f"`{node.name}`"), dialect=DIALECT)
    return node
