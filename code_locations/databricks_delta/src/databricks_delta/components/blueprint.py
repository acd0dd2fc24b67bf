from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import dagster as dg
from platform_contract.layer import Layer
from platform_runtime.marks.marks import NO_MARKS
from platform_runtime.marks.traced_marks import traced_marks

from databricks_delta.components.sql_files import read_sql
from databricks_delta.declaration.declaration import DeclarationError
from databricks_delta.declaration.lakehouse_declaration import LakehouseDeclaration
from databricks_delta.declaration.tables import ComputedTable
from databricks_delta.lakehouse.bronze_columns import bronze_columns, rejected_columns
from databricks_delta.lakehouse.landing import LandingSource
from databricks_delta.lakehouse.month_table import MonthTable
from databricks_delta.lakehouse.statement import Statement
from databricks_delta.lakehouse.table import MONTH, Column, LakehouseTable
from databricks_delta.quality.quality_check import QualityCheck, Subject


@dataclass(frozen=True)
class Blueprint:
    """The tables and statements that a declaration stands for.

    Attributes:
        declaration: what `defs.yaml` says.
        folder: where it and its SQL files are.
    """

    declaration: LakehouseDeclaration
    folder: Path

    @cached_property
    def source(self) -> LandingSource:
        """The files that bronze is made of."""
        source = self.declaration.source
        return LandingSource(
            folder=source.folder,
            files=source.files,
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
            name=declared.table,
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
        by_name = {table.table: self._month_table(table) for table in self.declaration.tables}
        graph = {name: table.statement.tables_read for name, table in by_name.items()}
        try:
            order = list(TopologicalSorter(graph).static_order())
        except CycleError as error:
            raise DeclarationError(f"{self.file}: tables read each other in a circle: {error.args[1]}") from error
        return self._with_marks([by_name[name] for name in order if name in by_name])

    def _with_marks(self, ordered: Sequence[MonthTable]) -> list[MonthTable]:
        """The tables with the marks that their SELECTs bring along from the tables below."""
        declared = {table.table: table.declared_marks for table in self.declaration.tables}
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
        """The months that silver and gold are partitioned by."""
        return self.declaration.partitioning.definition

    @property
    def checks(self) -> dict[str, Sequence[QualityCheck]]:
        """The declared checks, by the full name of their table."""
        declared: dict[str, Sequence[QualityCheck]] = {table.table: table.checks for table in self.declaration.tables}
        return {self.bronze.full_name: self.declaration.bronze.checks} | declared

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
        names = {table.table for table in self.declaration.tables if table.rejects_of == full_name}
        return next((table for table in self.month_tables if table.table.full_name in names), None)

    def _month_table(self, declared: ComputedTable) -> MonthTable:
        statement = self._statement(f"tables.{declared.table}.sql", declared.sql).with_shared(self.shared)
        return MonthTable(
            table=LakehouseTable(
                layer=declared.layer,
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
        )

    def _columns(self, declared: ComputedTable) -> tuple[Column, ...]:
        if declared.columns is None:
            return rejected_columns(self.declaration.source.descriptions)
        return (*(column.named(name) for name, column in declared.columns.items()), MONTH)

    def _statement(self, key: str, file: str) -> Statement:
        return Statement(read_sql(self.file, key, file), str(self.folder / file), self.declaration.parameters)
