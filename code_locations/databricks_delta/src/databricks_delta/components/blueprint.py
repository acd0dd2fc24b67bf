from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import dagster as dg
from platform_contract.domain import Domain
from platform_contract.domains import domain_named
from platform_contract.errors import ContractError
from platform_contract.layer import Layer
from platform_runtime.lakehouse.columns import DeclaredColumn
from platform_runtime.lakehouse.declaration import DeclarationError
from platform_runtime.lakehouse.granularity import Granularity
from platform_runtime.lakehouse.lakehouse_declaration import LakehouseDeclaration
from platform_runtime.lakehouse.source import Source
from platform_runtime.lakehouse.tables import BronzeTable, ComputedTable, Dimension
from platform_runtime.marks.marks import NO_MARKS
from platform_runtime.marks.traced_marks import traced_marks

from databricks_delta.components.partitions import period_partitions
from databricks_delta.components.sql_files import read_sql
from databricks_delta.lakehouse.bronze_columns import SourceColumns, bronze_columns, rejected_columns
from databricks_delta.lakehouse.bronze_source import BronzeSource
from databricks_delta.lakehouse.dimension_table import VALID_FROM, VALID_TO, DimensionTable
from databricks_delta.lakehouse.landing import LandingSource
from databricks_delta.lakehouse.period_table import PeriodTable
from databricks_delta.lakehouse.statement import Statement
from databricks_delta.lakehouse.table import Column, LakehouseTable, period_column
from databricks_delta.quality.checks import Check
from databricks_delta.quality.quality_check import QualityCheck, Subject
from databricks_delta.quality.unique import Unique


@dataclass(frozen=True)
class Blueprint:
    """The tables and statements that a declaration stands for.

    Attributes:
        declaration: what `defs.yaml` says.
        domain: whose tables these are, which says where they are kept.
        folder: where it and its SQL files are.
    """

    declaration: LakehouseDeclaration[Check]
    domain: Domain
    folder: Path

    @cached_property
    def places(self) -> Mapping[str, str]:
        """Where each table is kept, `<schema>.<table>`, by its name in the declaration, `<layer>.<table>`."""
        return {
            f"{layer}.{name}": f"{self.domain.schema(layer)}.{name}" for layer, name in self.declaration.table_names
        }

    @cached_property
    def sources(self) -> list[BronzeSource]:
        """The files that land, each kind with the bronze table that is made of it."""
        return [self._source(source) for source in self.declaration.sources]

    @cached_property
    def shared(self) -> Mapping[str, Statement]:
        """The SELECTs that others read by name."""
        return {name: self._statement(f"shared.{name}", file) for name, file in self.declaration.shared.items()}

    @cached_property
    def computed(self) -> list[PeriodTable | DimensionTable]:
        """The tables above bronze, each after those that it reads."""
        by_name = {self._place(table): self._computed(table) for table in self.declaration.tables}
        graph = {name: table.statement.tables_read for name, table in by_name.items()}
        try:
            order = list(TopologicalSorter(graph).static_order())
        except CycleError as error:
            raise DeclarationError(f"{self.file}: tables read each other in a circle: {error.args[1]}") from error
        return self._with_marks([by_name[name] for name in order if name in by_name])

    @cached_property
    def period_tables(self) -> list[PeriodTable]:
        """Those that are computed period by period."""
        return [table for table in self.computed if isinstance(table, PeriodTable)]

    @cached_property
    def dimensions(self) -> list[DimensionTable]:
        """Those without a period."""
        return [table for table in self.computed if isinstance(table, DimensionTable)]

    def _with_marks(self, ordered: Sequence[PeriodTable | DimensionTable]) -> list[PeriodTable | DimensionTable]:
        """The tables with the marks that their SELECTs bring along from the tables below."""
        declared = {self._place(table): table.declared_marks for table in self.declaration.tables}
        known = {source.bronze.full_name: source.bronze.marks for source in self.sources}
        for target in ordered:
            traced = traced_marks(target.statement.tree, known)
            known[target.table.full_name] = traced.with_declared(declared[target.table.full_name])
        return [replace(target, table=replace(target.table, marks=known[target.table.full_name])) for target in ordered]

    @cached_property
    def tables(self) -> dict[str, LakehouseTable]:
        """Every table by full name, bronze first."""
        tables = [*(source.bronze for source in self.sources), *(table.table for table in self.computed)]
        return {table.full_name: table for table in tables}

    @cached_property
    def partitions(self) -> dg.TimeWindowPartitionsDefinition:
        """The periods that silver and gold are partitioned by, each named as it is written."""
        return period_partitions(self.declaration.partitioning)

    @property
    def granularity(self) -> Granularity:
        """How long a period is."""
        return self.declaration.partitioning.granularity

    @property
    def checks(self) -> dict[str, Sequence[QualityCheck]]:
        """The declared checks, by the full name of their table."""
        bronze = [source.bronze for source in self.declaration.sources]
        return {self._place(table): table.checks for table in (*bronze, *self.declaration.tables)}

    def key(self, full_name: str) -> tuple[str, ...]:
        """The columns that tell a table's rows apart, which its `unique` check holds it to; none without one."""
        return next((tuple(check.columns) for check in self.checks[full_name] if isinstance(check, Unique)), ())

    def subject(self, full_name: str) -> Subject:
        """A table as its checks see it."""
        rejected = self.rejected_by(full_name)
        return Subject(
            table=self.tables[full_name],
            source=self.source_of(full_name),
            rejected=None if rejected is None else rejected.table,
            partitions=frozenset(self.partitions.get_partition_keys()),
        )

    def source_of(self, full_name: str) -> BronzeSource | None:
        """The one source that a table is made of: whose bronze it is, or reads; None where that is not exactly one."""
        statements = {table.table.full_name: table.statement for table in self.computed}
        read = statements[full_name].tables_read if full_name in statements else {full_name}
        return _only([source for source in self.sources if source.bronze.full_name in read])

    @property
    def file(self) -> Path:
        """The declaration's file, for messages."""
        return self.folder / "defs.yaml"

    def rejected_by(self, full_name: str) -> PeriodTable | None:
        """The table of the rows that a table rejected."""
        rejecting = [table for table in self.declaration.tables if table.rejects_of is not None]
        names = {self._place(table) for table in rejecting if self.places[str(table.rejects_of)] == full_name}
        return next((table for table in self.period_tables if table.table.full_name in names), None)

    def _computed(self, declared: ComputedTable[Check]) -> PeriodTable | DimensionTable:
        statement = self._statement(f"tables.{declared.table}.sql", declared.sql).with_shared(self.shared)
        table = self._table(declared, statement)
        if declared.dimension is not None:
            return DimensionTable(table, statement, keeps_versions=declared.dimension is Dimension.VERSIONS)
        return PeriodTable(
            table=table,
            statement=statement,
            reads_days_before=declared.reads_days_before,
            runs_on=declared.runs_on,
            timeout=timedelta(minutes=declared.timeout_minutes),
            holds_unreadable=declared.rejects_of is not None,
            published_to=None if declared.publish is None else self._receiver(declared.table, declared.publish),
        )

    def _table(self, declared: ComputedTable[Check], statement: Statement) -> LakehouseTable:
        return LakehouseTable(
            layer=declared.layer,
            granularity=self.granularity if declared.dimension is None else None,
            schema=self.domain.schema(declared.layer),
            name=declared.name,
            description=declared.description,
            columns=self._columns(declared, statement),
            clustering=tuple(declared.clustering),
            liquid=declared.liquid_clustering,
            constraints=declared.constraints,
            retention_days=declared.retention_days,
            # What is computed from marked columns shows once the tables below are known.
            marks=NO_MARKS.with_declared(declared.declared_marks),
        )

    def _columns(self, declared: ComputedTable[Check], statement: Statement) -> tuple[Column, ...]:
        if declared.columns is not None:
            return (*(_column(name, column) for name, column in declared.columns.items()), *self._added(declared))
        source = _only([source for source in self.sources if source.bronze.full_name in statement.tables_read])
        if source is None:
            raise DeclarationError(
                f"{self.file}: tables.{declared.table}: rejected rows are those of one bronze table, which its SELECT "
                "reads: let it read exactly one"
            )
        return rejected_columns(source.landing.columns, self.granularity)

    def _added(self, declared: ComputedTable[Check]) -> tuple[Column, ...]:
        """The columns that the declaration does not name."""
        match declared.dimension:
            case Dimension.VERSIONS:
                return (VALID_FROM, VALID_TO)
            case Dimension.REPLACED:
                return ()
        return (period_column(self.granularity),)

    def _source(self, source: Source[Check]) -> BronzeSource:
        declared = source.bronze
        return BronzeSource(
            landing=LandingSource(
                folder=source.folder,
                files=source.files,
                format=source.format.file_format,
                columns=_source_columns(source),
                key=tuple(source.key),
                event_time=source.event_time,
                granularity=self.granularity,
                parameters=self.declaration.parameters,
            ),
            bronze=LakehouseTable(
                layer=Layer.BRONZE,
                granularity=self.granularity,
                schema=self.domain.schema(Layer.BRONZE),
                name=declared.name,
                description=declared.description,
                columns=bronze_columns(_source_columns(source), self.granularity),
                clustering=tuple(declared.clustering),
                liquid=declared.liquid_clustering,
                constraints=declared.constraints,
                retention_days=declared.retention_days,
                marks=source.marks,
            ),
        )

    def _receiver(self, table: str, name: str) -> Domain:
        try:
            return domain_named(name)
        except ContractError as error:
            raise DeclarationError(f"{self.file}: tables.{table}.publish: {error}") from None

    def _place(self, declared: BronzeTable[Check] | ComputedTable[Check]) -> str:
        return f"{self.domain.schema(declared.layer)}.{declared.name}"

    def _statement(self, key: str, file: str) -> Statement:
        text = read_sql(self.file, key, file)
        return Statement(text, str(self.folder / file), self.declaration.parameters).placed(self.places)


def _only(sources: Sequence[BronzeSource]) -> BronzeSource | None:
    return sources[0] if len(sources) == 1 else None


def _source_columns(source: Source[Check]) -> SourceColumns:
    return {name: (about, source.types[name]) for name, about in source.descriptions.items()}


def _column(name: str, declared: DeclaredColumn) -> Column:
    return Column(name, declared.type, declared.description, declared.nullable)
