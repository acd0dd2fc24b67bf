from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from platform_runtime.lakehouse.declaration import DeclarationError, nearest
from platform_runtime.lakehouse.granularity import Granularity

from databricks_delta.components.blueprint import Blueprint
from databricks_delta.lakehouse.dimension_table import DimensionTable
from databricks_delta.lakehouse.errors import LakehouseError
from databricks_delta.lakehouse.landing import LandingSource
from databricks_delta.lakehouse.period_table import PeriodTable
from databricks_delta.lakehouse.statement import Statement
from databricks_delta.lakehouse.table import LakehouseTable
from databricks_delta.quality.freshness import Freshness
from databricks_delta.quality.periods_covered import PeriodsCovered
from databricks_delta.quality.quality_check import QualityCheck
from databricks_delta.quality.row_conservation import RowConservation
from databricks_delta.quality.volume import Volume


def check_blueprint(blueprint: Blueprint) -> None:
    """Refuse what could only fail later, in a run.

    Raises:
        DeclarationError: naming the file, and everything that is wrong.
    """
    try:
        faults = list(_faults(blueprint))
    except LakehouseError as error:
        raise DeclarationError(f"{blueprint.file}: {error}") from error
    if faults:
        raise DeclarationError(f"{blueprint.file}: {'; '.join(faults)}")


def _faults(blueprint: Blueprint) -> Iterator[str]:
    for table in blueprint.period_tables:
        yield from _unknown_tables(table, blueprint.places)
        yield from _undeclared_parameters(table.statement, blueprint.granularity)
        yield from _wrong_columns(table)
    for dimension in blueprint.dimensions:
        yield from _dimension(blueprint, dimension)
    yield from _landing_folders(blueprint)
    for source in blueprint.sources:
        yield from _event_time(source.landing)
    yield from _unused(blueprint)
    yield from _mentioned_columns(blueprint)
    yield from _checks(blueprint)
    yield from _marked_columns_shown(blueprint)
    for table in blueprint.period_tables:
        yield from _published(blueprint, table)


def _unknown_tables(table: PeriodTable | DimensionTable, places: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(table.statement.tables_read - set(places.values())):
        yield f"{table.statement.origin} reads {name}, which is not one of the tables{nearest(name, tuple(places))}"


def _undeclared_parameters(statement: Statement, granularity: Granularity) -> Iterator[str]:
    for fault in statement.undeclared_parameters(granularity):
        yield f"{statement.origin} names {fault}, which is not declared under parameters"


def _wrong_columns(table: PeriodTable | DimensionTable) -> Iterator[str]:
    selected, declared = table.statement.tree.named_selects, table.selected_columns
    if "*" in selected:
        return
    lacking = [column for column in declared if column not in selected]
    unknown = [column for column in selected if column not in declared]
    if lacking or unknown:
        yield (
            f"{table.statement.origin} does not select the columns of {table.table.declared_name}: "
            f"lacking {', '.join(lacking) or 'nothing'}, undeclared {', '.join(unknown) or 'nothing'}"
        )


def _dimension(blueprint: Blueprint, target: DimensionTable) -> Iterator[str]:
    name = target.table.declared_name
    yield from _unknown_tables(target, blueprint.places)
    for parameter in sorted(target.statement.parameters_named - target.statement.parameters.keys()):
        yield f"{target.statement.origin} names :{parameter}, which is not declared under parameters"
    yield from _wrong_columns(target)
    above = {table.table.full_name for table in blueprint.period_tables} & target.statement.tables_read
    if above:
        yield f"{name}: a dimension reads bronze and other dimensions, not {', '.join(sorted(above))}"
    for check in blueprint.checks[target.table.full_name]:
        if isinstance(check, Volume | RowConservation | PeriodsCovered):
            yield f"{name}, check {check.check_name}: it compares periods, and a dimension has none"


def _landing_folders(blueprint: Blueprint) -> Iterator[str]:
    """Another domain's files land in its own folder, whichever location takes them in."""
    for folder in blueprint.declaration.landing_folders:
        if folder.split("/")[0] != blueprint.domain.name:
            yield f"sources: folder {folder!r} is no folder of the domain: write {blueprint.domain}, or one in it"


def _event_time(source: LandingSource) -> Iterator[str]:
    statement = source.event_time_statement
    yield from _undeclared_parameters(statement, source.granularity)
    for column in sorted(statement.columns_named - source.columns.keys()):
        known = nearest(column, tuple(source.columns))
        yield f"event_time of {source.folder}: {column!r} is not one of the columns{known}"


def _unused(blueprint: Blueprint) -> Iterator[str]:
    times = [source.landing.event_time_statement for source in blueprint.sources]
    above = [table.statement for table in blueprint.computed]
    named = {name for found in (*times, *above) for name in found.parameters_named}
    for name in sorted(blueprint.declaration.parameters.keys() - named):
        yield f"parameters.{name}: no SQL names it{nearest(name, tuple(named))}"
    read = {name for found in above for name in found.parts_read}
    for name in sorted(blueprint.declaration.shared.keys() - read):
        yield f"shared.{name}: no SQL reads it{nearest(name, tuple(read))}"


def _mentioned_columns(blueprint: Blueprint) -> Iterator[str]:
    plots = {blueprint.places[table.table]: table.plot for table in blueprint.declaration.tables if table.plot}
    for full_name, table in blueprint.tables.items():
        plot = plots.get(full_name)
        plotted = () if plot is None else (plot.x, plot.y, plot.series)
        for column in (*table.clustering, *plotted):
            if column not in table.column_names:
                known = nearest(column, table.column_names)
                yield f"{table.declared_name}: {column!r} is not one of the columns{known}"


def _checks(blueprint: Blueprint) -> Iterator[str]:
    for full_name, checks in blueprint.checks.items():
        yield from _unknown_columns(blueprint.tables[full_name], checks)
        if any(isinstance(check, RowConservation) for check in checks):
            yield from _conservation(blueprint, full_name)
        yield from _repeated(blueprint.tables[full_name], checks)


def _conservation(blueprint: Blueprint, full_name: str) -> Iterator[str]:
    name, rejected = blueprint.tables[full_name].declared_name, blueprint.rejected_by(full_name)
    if rejected is None:
        yield f"{name}, check row_conservation: no table has rejects_of: {name}"
    elif blueprint.source_of(full_name) is None or (
        blueprint.source_of(full_name) != blueprint.source_of(rejected.table.full_name)
    ):
        yield f"{name}, check row_conservation: it and its rejected rows are to be read from one bronze table"


def _repeated(table: LakehouseTable, checks: Sequence[QualityCheck]) -> Iterator[str]:
    repeated = sorted(name for name, times in Counter(check.check_name for check in checks).items() if times > 1)
    if repeated:
        yield f"{table.declared_name}, checks: two are called {', '.join(repeated)}; give one of them a name"


def _unknown_columns(table: LakehouseTable, checks: Sequence[QualityCheck]) -> Iterator[str]:
    for check in checks:
        for column in check.columns_named:
            if column not in table.column_names:
                yield (
                    f"{table.declared_name}, check {check.check_name}: {column!r} is not one of the columns"
                    f"{nearest(column, table.column_names)}"
                )


def _published(blueprint: Blueprint, target: PeriodTable) -> Iterator[str]:
    name, receiver = target.table.declared_name, target.published_to
    if receiver == blueprint.domain:
        yield f"{name}: publish: it is {receiver}'s own table, name the domain that receives it"
    marked = [column for column in target.table.column_names if target.table.marks.cover(column)]
    if receiver is not None and marked:
        yield (
            f"{name}: publish: {', '.join(map(repr, marked))} would leave with the file, and the marks would not: "
            "publish a table without them, or say `pii: false` where nothing personal is left"
        )


def _marked_columns_shown(blueprint: Blueprint) -> Iterator[str]:
    """A plot shows its values, a freshness check the newest one, and a partition's name the period."""
    fix = "which holds marked values: take another column, or say `pii: false` of it where nothing personal is left"
    for declared in blueprint.declaration.tables:
        plotted = () if declared.plot is None else (declared.plot.x, declared.plot.y, declared.plot.series)
        for column in plotted:
            if blueprint.tables[blueprint.places[declared.table]].marks.cover(column):
                yield f"{declared.table}: the plot shows {column!r}, {fix}"
    for full_name, checks in blueprint.checks.items():
        table = blueprint.tables[full_name]
        for check in checks:
            if isinstance(check, Freshness) and table.marks.cover(check.column):
                yield f"{table.declared_name}, check {check.check_name}: it shows the newest {check.column!r}, {fix}"
    for source in blueprint.sources:
        for column in sorted(source.landing.event_time_statement.columns_named):
            if source.bronze.marks.cover(column):
                yield (
                    f"event_time of {source.landing.folder}: partitions are named by the period of {column!r}, which "
                    "holds marked values"
                )
