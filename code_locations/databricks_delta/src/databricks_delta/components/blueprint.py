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
from platform_runtime.lakehouse.lakehouse_declaration import LakehouseDeclaration
from platform_runtime.lakehouse.tables import BronzeTable, ComputedTable
from platform_runtime.marks.marks import NO_MARKS
from platform_runtime.marks.traced_marks import traced_marks

from databricks_delta.components.sql_files import read_sql
from databricks_delta.lakehouse.bronze_columns import bronze_columns, rejected_columns
from databricks_delta.lakehouse.landing import LandingSource
from databricks_delta.lakehouse.month_table import MonthTable
from databricks_delta.lakehouse.statement import Statement
from databricks_delta.lakehouse.table import MONTH, Column, LakehouseTable
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
    def source(self) -> LandingSource:
        """The files that bronze is made of."""
        source = self.declaration.source
        return LandingSource(
            folder=source.folder,
            files=source.files,
            format=source.format.file_format,
            columns=source.descriptions,
            key=tuple(source.key),
            event_time=source.event_time,
            parameters=self.declaration.parameters,
        )

    @cached_property
    def bronze(self) -> LakehouseTable:
        """The bronze table."""
        declared = self.declaration.bronze
        return LakehouseTable(
            layer=Layer.BRONZE,
            schema=self.domain.schema(Layer.BRONZE),
            name=declared.name,
            description=declared.description,
            columns=bronze_columns(self.declaration.source.descriptions),
            clustering=tuple(declared.clustering),
            liquid=declared.liquid_clustering,
            constraints=declared.constraints,
            retention_days=declared.retention_days,
            marks=self.declaration.source.marks,
        )

    @cached_property
    def shared(self) -> Mapping[str, Statement]:
        """The SELECTs that others read by name."""
        return {name: self._statement(f"shared.{name}", file) for name, file in self.declaration.shared.items()}

    @cached_property
    def month_tables(self) -> list[MonthTable]:
        """The tables above bronze, each after those that it reads."""
        by_name = {self._place(table): self._month_table(table) for table in self.declaration.tables}
        graph = {name: table.statement.tables_read for name, table in by_name.items()}
        try:
            order = list(TopologicalSorter(graph).static_order())
        except CycleError as error:
            raise DeclarationError(f"{self.file}: tables read each other in a circle: {error.args[1]}") from error
        return self._with_marks([by_name[name] for name in order if name in by_name])

    def _with_marks(self, ordered: Sequence[MonthTable]) -> list[MonthTable]:
        """The tables with the marks that their SELECTs bring along from the tables below."""
        declared = {self._place(table): table.declared_marks for table in self.declaration.tables}
        known = {self.bronze.full_name: self.bronze.marks}
        for target in ordered:
            traced = traced_marks(target.statement.tree, known)
            known[target.table.full_name] = traced.with_declared(declared[target.table.full_name])
        return [replace(target, table=replace(target.table, marks=known[target.table.full_name])) for target in ordered]

    @cached_property
    def tables(self) -> dict[str, LakehouseTable]:
        """Every table by full name, bronze first."""
        tables = [self.bronze, *(table.table for table in self.month_tables)]
        return {table.full_name: table for table in tables}

    @cached_property
    def partitions(self) -> dg.MonthlyPartitionsDefinition:
        """The months that silver and gold are partitioned by, each named by itself, `YYYY-MM`."""
        declared = self.declaration.partitioning
        return dg.MonthlyPartitionsDefinition(
            start_date=declared.start,
            end_date=declared.end,
            # Without an end, the month that is under way is a partition too.
            end_offset=1 if declared.end is None else 0,
            fmt="%Y-%m",
        )

    @property
    def checks(self) -> dict[str, Sequence[QualityCheck]]:
        """The declared checks, by the full name of their table."""
        declared = [self.declaration.bronze, *self.declaration.tables]
        return {self._place(table): table.checks for table in declared}

    def key(self, full_name: str) -> tuple[str, ...]:
        """The columns that tell a table's rows apart, which its `unique` check holds it to; none without one."""
        return next((tuple(check.columns) for check in self.checks[full_name] if isinstance(check, Unique)), ())

    def subject(self, full_name: str) -> Subject:
        """A table as its checks see it."""
        rejected = self.rejected_by(full_name)
        return Subject(
            table=self.tables[full_name],
            bronze=self.bronze,
            rejected=None if rejected is None else rejected.table,
            source_key=self.source.key,
            partitions=frozenset(self.partitions.get_partition_keys()),
        )

    @property
    def file(self) -> Path:
        """The declaration's file, for messages."""
        return self.folder / "defs.yaml"

    def rejected_by(self, full_name: str) -> MonthTable | None:
        """The table of the rows that a table rejected."""
        rejecting = [table for table in self.declaration.tables if table.rejects_of is not None]
        names = {self._place(table) for table in rejecting if self.places[str(table.rejects_of)] == full_name}
        return next((table for table in self.month_tables if table.table.full_name in names), None)

    def _month_table(self, declared: ComputedTable[Check]) -> MonthTable:
        statement = self._statement(f"tables.{declared.table}.sql", declared.sql).with_shared(self.shared)
        return MonthTable(
            table=LakehouseTable(
                layer=declared.layer,
                schema=self.domain.schema(declared.layer),
                name=declared.name,
                description=declared.description,
                columns=self._columns(declared),
                clustering=tuple(declared.clustering),
                liquid=declared.liquid_clustering,
                constraints=declared.constraints,
                retention_days=declared.retention_days,
                # What is computed from marked columns shows once the tables below are known.
                marks=NO_MARKS.with_declared(declared.declared_marks),
            ),
            statement=statement,
            reads_days_before=declared.reads_days_before,
            runs_on=declared.runs_on,
            timeout=timedelta(minutes=declared.timeout_minutes),
            holds_unreadable=declared.rejects_of is not None,
            published_to=None if declared.publish is None else self._receiver(declared.table, declared.publish),
        )

    def _columns(self, declared: ComputedTable[Check]) -> tuple[Column, ...]:
        if declared.columns is None:
            return rejected_columns(self.declaration.source.descriptions)
        return (*(_column(name, column) for name, column in declared.columns.items()), MONTH)

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


def _column(name: str, declared: DeclaredColumn) -> Column:
    return Column(name, declared.type, declared.description, declared.nullable)
