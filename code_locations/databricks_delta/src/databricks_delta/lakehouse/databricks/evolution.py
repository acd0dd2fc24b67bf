"""What brings a table that exists in line with its declaration, as far as that loses nothing."""

from collections.abc import Iterator
from dataclasses import replace

import dagster as dg

from databricks_delta.lakehouse import databricks_sql
from databricks_delta.lakehouse.databricks.declared_properties import declared_properties
from databricks_delta.lakehouse.databricks.session import Session
from databricks_delta.lakehouse.databricks.stored_table import StoredTable, same_condition, stored_table
from databricks_delta.lakehouse.errors import LakehouseError
from databricks_delta.lakehouse.table import LakehouseTable

_FOLDERS = (
    "{table} keeps a folder for each period, as an earlier release made it. Below a terabyte liquid clustering serves "
    "better: rename the table, materialise all its periods, and drop the renamed one. To keep the folders, say "
    "liquid_clustering: false in defs.yaml"
)
_COLUMN_MAPPING = "delta.columnMapping.mode"


def ensure_table(session: Session, table: LakehouseTable) -> None:
    """Make the table, or bring the one that is there in line with the declaration.

    Comments, properties, constraints, liquid clustering and the order of columns follow it, columns are added, and one
    may become nullable. Nothing is dropped, no type is changed, and no row is written anew: a table that was made with
    a folder for each period keeps them, which a warning says.

    Raises:
        LakehouseError: when the table is of another shape than the declaration, or rows break a new constraint; its
            first line says what to do.
    """
    session.rows(databricks_sql.create_table(table), {}, table.full_name)
    stored = stored_table(session, table)
    check_shape(stored, table)
    if keeps_folders(stored, table):
        dg.get_dagster_logger().warning(_FOLDERS.format(table=table.full_name))
    for statement in evolution(stored, table):
        session.rows(statement, {}, table.full_name)


def check_shape(stored: StoredTable, table: LakehouseTable) -> None:
    """Refuse a table whose periods must not be written as things are.

    Raises:
        LakehouseError: naming everything that is not as declared, and what to do.
    """
    faults = [*_column_faults(stored, table), *_layout_faults(stored, table)]
    if faults:
        raise LakehouseError(
            f"Bring {table.full_name} and its declaration in defs.yaml together: restore its version from before the "
            f"change (DESCRIBE HISTORY {table.full_name} lists them), or declare it as it is, or drop it and compute "
            f"every period again.\nNothing was written: {'; '.join(faults)}"
        )


def keeps_folders(stored: StoredTable, table: LakehouseTable) -> bool:
    """Whether the table has a folder for each period, as an earlier release made it, though it is declared without.

    Its periods are replaced just the same. ALTER TABLE gives no partitioned table liquid clustering, and to write
    years of rows anew is for a person to decide.
    """
    return table.liquid and table.granularity is not None and stored.partitioned_by == (table.period,)


def evolution(stored: StoredTable, table: LakehouseTable) -> list[str]:
    """The statements that bring a table of the right shape in line, in order; none where it is."""
    return [
        *_comments(stored, table),
        *_new_columns(stored, table),
        *_order(stored, table),
        *_nullable(stored, table),
        *_constraints(stored, table),
        # Last: what says that all of it is done.
        *_properties(stored, table),
    ]


def _column_faults(stored: StoredTable, table: LakehouseTable) -> Iterator[str]:
    declared = {column.name: column for column in table.columns}
    remembered = stored.declared_columns
    present = {column.name for column in stored.columns}
    for column in stored.columns:
        if column.name not in declared:
            yield f"it has a column {column.name}, which is not declared"
        elif column.type != declared[column.name].type.value:
            yield f"its column {column.name} is {column.type}, declared {declared[column.name].type.value}"
    for name, column in declared.items():
        if name not in present and (name in remembered or not remembered):
            yield f"someone dropped its column {name}"
        elif name in present and remembered.get(name) and not column.nullable:
            yield f"its column {name} may hold nulls, declared nullable: false (a constraint can keep them out instead)"


def _layout_faults(stored: StoredTable, table: LakehouseTable) -> Iterator[str]:
    if stored.partitioned_by != table.partitioned_by and not keeps_folders(stored, table):
        yield f"it is partitioned by ({', '.join(stored.partitioned_by)}), declared ({', '.join(table.partitioned_by)})"
    if stored.clustered_by and not table.clustered_by:
        yield "it has liquid clustering, declared a folder for each period"
    if stored.properties.get(_COLUMN_MAPPING, "none") != "none":
        yield "someone turned column mapping on, which other readers of it do not follow"


def _comments(stored: StoredTable, table: LakehouseTable) -> Iterator[str]:
    if stored.comment != table.description:
        yield databricks_sql.comment_on_table(table)
    known = {column.name: column.comment for column in stored.columns}
    for column in table.columns:
        if column.name in known and known[column.name] != column.description:
            yield databricks_sql.comment_on_column(table, column)


def _new_columns(stored: StoredTable, table: LakehouseTable) -> Iterator[str]:
    present = {column.name for column in stored.columns}
    # Rows that are there already have no value in a new column.
    new = [replace(column, nullable=True) for column in table.columns if column.name not in present]
    if new:
        yield databricks_sql.add_columns(table, new)


def _order(stored: StoredTable, table: LakehouseTable) -> Iterator[str]:
    """INSERT goes by position: the columns stand in the order of the declaration."""
    present = [column.name for column in stored.columns]
    order = [*present, *(name for name in table.column_names if name not in present)]
    for position, name in enumerate(table.column_names):
        if order[position] != name:
            order.remove(name)
            order.insert(position, name)
            yield databricks_sql.move_column(table, name, order[position - 1] if position else None)


def _nullable(stored: StoredTable, table: LakehouseTable) -> Iterator[str]:
    for column in table.columns:
        if column.nullable and stored.declared_columns.get(column.name) is False:
            yield databricks_sql.allow_null(table, column.name)


def _constraints(stored: StoredTable, table: LakehouseTable) -> Iterator[str]:
    wanted = {name.lower(): condition for name, condition in table.constraints.items()}
    for name, condition in stored.constraints.items():
        if name not in wanted or not same_condition(condition, wanted[name]):
            yield databricks_sql.drop_constraint(table, name)
    for name, condition in wanted.items():
        if name not in stored.constraints or not same_condition(stored.constraints[name], condition):
            yield databricks_sql.add_constraint(table, name, condition)


def _properties(stored: StoredTable, table: LakehouseTable) -> Iterator[str]:
    wanted = declared_properties(table)
    changed = {name: value for name, value in wanted.items() if stored.properties.get(name) != value}
    if changed:
        yield databricks_sql.set_properties(table, changed)
    if stored.clustered_by != table.clustered_by and not keeps_folders(stored, table):
        yield databricks_sql.cluster_by(table)
