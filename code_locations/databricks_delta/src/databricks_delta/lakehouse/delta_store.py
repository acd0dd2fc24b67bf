import random
import re
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import sqlglot
from deltalake import DeltaTable, Field, Schema, write_deltalake
from deltalake.exceptions import CommitFailedError, DeltaError
from deltalake.schema import PrimitiveType

from databricks_delta.lakehouse.errors import LakehouseError
from databricks_delta.lakehouse.statement import DIALECT
from databricks_delta.lakehouse.table import Column, LakehouseTable

_ATTEMPTS = 12
_LONGEST_PAUSE_SECONDS = 2.0
_CONSTRAINT = "delta.constraints."
# How Rust ends what the operating system says, of disks and rights and not of rows.
_OF_THE_SYSTEM = re.compile(r"\(os error \d+\)")
_DELTA_TYPES = {"bigint": "long", "int": "integer"}


def open_table(path: Path, table: LakehouseTable) -> DeltaTable:
    """The Delta table in a folder, made if it is not there, and brought to what the declaration says.

    Raises:
        LakehouseError: when the table holds a column that is declared with another type, or not at all.
    """
    if not DeltaTable.is_deltatable(str(path)):
        _create(path, table)
    stored = DeltaTable(path)
    _add_missing_columns(stored, table)
    stored = _allow_nulls(path, stored, table)
    _set_properties(stored, table)
    _set_constraints(stored, table)
    return stored


def commit[Result](table: LakehouseTable, attempt: Callable[[], Result]) -> Result:
    """What the attempt returns; an attempt that another writer beat is made again, each time from the start.

    Writers of different periods conflict now and then as well, so the attempt must read what it depends on itself.

    Raises:
        LakehouseError: when every one of a dozen attempts was beaten, or delta-rs refuses the rows.
    """
    for number in range(_ATTEMPTS):
        try:
            return _attempted(table, attempt)
        except CommitFailedError:
            pause = min(_LONGEST_PAUSE_SECONDS, 0.05 * 2**number)
            time.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - spreads writers out, keeps no secret
    raise LakehouseError(
        f"{table.full_name}: other writers committed first {_ATTEMPTS} times; nothing was written, run it again"
    )


def _attempted[Result](table: LakehouseTable, attempt: Callable[[], Result]) -> Result:
    """What the attempt returns; what delta-rs says of rows that it refuses, it says with a preview of them."""
    try:
        return attempt()
    except CommitFailedError:
        raise
    except DeltaError as error:
        if _OF_THE_SYSTEM.search(str(error)):
            raise
    except Exception as error:
        # A value that cannot be cast; delta-rs has no class for it.
        if type(error) is not Exception:
            raise
    # Outside of the handlers: as its context, the error would go to the event log.
    raise _refused_rows(table)


def _refused_rows(table: LakehouseTable) -> LakehouseError:
    rules = [f"{name} ({rule})" for name, rule in table.constraints.items()]
    rules += [f"{column.name} is never null" for column in table.columns if not column.nullable]
    return LakehouseError(
        f"{table.full_name}: delta-rs refuses the rows, and nothing was written; they break one of the declared rules, "
        f"or do not have the declared types: {'; '.join(rules)}. Correct the rows, or the rules in defs.yaml"
    )


def _create(path: Path, table: LakehouseTable) -> None:
    fields = [_field(column) for column in table.columns]
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        DeltaTable.create(
            path,
            Schema(fields),
            mode="ignore",
            partition_by=None if table.granularity is None else [table.period],
            name=table.full_name,
            description=table.description,
            configuration=table.properties,
        )
    except DeltaError:
        # Two runs may make the same table at once: the loser finds it made.
        if not DeltaTable.is_deltatable(str(path)):
            raise


def _field(column: Column) -> Field:
    kind = _DELTA_TYPES.get(column.type.value, column.type.value)
    return Field(column.name, PrimitiveType(kind), nullable=column.nullable, metadata={"comment": column.description})


def _add_missing_columns(stored: DeltaTable, table: LakehouseTable) -> None:
    existing = {field.name: field.type for field in stored.schema().fields}
    declared = {column.name: _field(column) for column in table.columns}
    differing = [name for name, kind in existing.items() if name not in declared or declared[name].type != kind]
    if differing:
        raise LakehouseError(
            f"{table.full_name} holds the columns {', '.join(differing)}, which defs.yaml declares with another type "
            "or not at all: declare them as they are, or delete the table's folder and materialise every period again"
        )
    # Rows that are there already have no value in a new column.
    lacking = [_field(replace(column, nullable=True)) for column in table.columns if column.name not in existing]
    if lacking:
        stored.alter.add_columns(lacking)


def _allow_nulls(path: Path, stored: DeltaTable, table: LakehouseTable) -> DeltaTable:
    """The table, its columns null where the declaration allows it; delta-rs changes that by writing the rows anew."""
    nullable = {column.name for column in table.columns if column.nullable}
    fields = [
        Field(field.name, field.type, nullable=field.nullable or field.name in nullable, metadata=field.metadata)
        for field in stored.schema().fields
    ]
    if fields == stored.schema().fields:
        return stored
    schema = pa.schema(Schema(fields))
    rows = (pa.record_batch(batch).cast(schema) for batch in pa.RecordBatchReader.from_stream(stored.scan()))
    write_deltalake(stored, pa.RecordBatchReader.from_batches(schema, rows), mode="overwrite", schema_mode="overwrite")
    return DeltaTable(path)


def _set_properties(stored: DeltaTable, table: LakehouseTable) -> None:
    configuration = stored.metadata().configuration
    changed = {name: value for name, value in table.properties.items() if configuration.get(name) != value}
    if changed:
        stored.alter.set_table_properties(changed)


def _set_constraints(stored: DeltaTable, table: LakehouseTable) -> None:
    existing = _constraints(stored)
    changed = {name for name, rule in table.constraints.items() if existing.get(name) != _normalised(rule)}
    for name in existing.keys() & changed | existing.keys() - table.constraints.keys():
        stored.alter.drop_constraint(name)
    for name in sorted(changed):
        _add_constraint(stored, table, name)


def _constraints(stored: DeltaTable) -> dict[str, str]:
    found = stored.metadata().configuration.items()
    return {key.removeprefix(_CONSTRAINT): _normalised(rule) for key, rule in found if key.startswith(_CONSTRAINT)}


def _normalised(rule: str) -> str:
    return sqlglot.parse_one(rule, dialect=DIALECT).sql(dialect=DIALECT)


def _add_constraint(stored: DeltaTable, table: LakehouseTable, name: str) -> None:
    try:
        stored.alter.add_constraint({name: table.constraints[name]})
    except CommitFailedError:
        raise
    except DeltaError:
        # Its own words show the rows.
        raise LakehouseError(
            f"{table.full_name}: constraint {name} ({table.constraints[name]}) cannot be added, rows break it: "
            "correct the constraint in defs.yaml, or the rows first"
        ) from None
