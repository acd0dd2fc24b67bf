import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import sqlglot
from platform_runtime.lakehouse.granularity import Granularity
from sqlglot import exp
from sqlglot.errors import SqlglotError

from databricks_delta.lakehouse.errors import LakehouseError
from databricks_delta.lakehouse.periods import PERIOD_COLUMNS, PeriodRange

DIALECT = "databricks"

type ParameterValue = int | float | str


@dataclass(frozen=True)
class Statement:
    """One SELECT in Databricks SQL, with the values of its named parameters.

    Production sends `sql` as it stands; the demo runs `duckdb_sql`. `origin` names the file it came from, for messages.
    """

    sql: str
    origin: str
    parameters: Mapping[str, ParameterValue]

    @cached_property
    def tree(self) -> exp.Query:
        """The parsed statement.

        Raises:
            LakehouseError: when the text is not one SELECT in Databricks SQL; names the file and the place.
        """
        try:
            parsed = sqlglot.parse_one(self.sql, dialect=DIALECT)
        except SqlglotError as error:
            raise LakehouseError(f"{self.origin} is not Databricks SQL: {_first_line(error)}") from error
        if not isinstance(parsed, exp.Query):
            raise LakehouseError(f"{self.origin} is not a SELECT: such a file holds one SELECT and nothing else")
        return parsed

    @property
    def duckdb_sql(self) -> str:
        """The same statement in DuckDB's dialect, every name quoted: some, such as `at`, are words of its own."""
        return self.tree.sql(dialect="duckdb", identify=True)

    @cached_property
    def tables_read(self) -> frozenset[str]:
        """Every `<schema>.<table>` that the statement reads."""
        return frozenset(f"{table.db}.{table.name}" for table in self.tree.find_all(exp.Table) if table.db)

    @cached_property
    def parts_read(self) -> frozenset[str]:
        """Every name without a schema that the statement reads: its own table expressions, and shared SELECTs."""
        return frozenset(table.name for table in self.tree.find_all(exp.Table) if not table.db)

    @cached_property
    def parameters_named(self) -> frozenset[str]:
        """Every `:name` of the statement."""
        return frozenset(placeholder.name for placeholder in self.tree.find_all(exp.Placeholder))

    def placed(self, places: Mapping[str, str]) -> "Statement":
        """The same text, each table in it named by the place where it is kept.

        Args:
            places: full name by the name, `<layer>.<table>`, that a declaration and its SQL know a table by. What is
                not among them stays as it is written.
        """
        if all(name == place for name, place in places.items()):
            return self
        sql = self.sql
        for start, end, schema in sorted(self._schemas_named(places), reverse=True):
            sql = f"{sql[:start]}{schema}{sql[end:]}"
        return replace(self, sql=sql)

    def _schemas_named(self, places: Mapping[str, str]) -> set[tuple[int, int, str]]:
        """Where in the text a schema stands, and the one to stand there; a column may be named with its table's."""
        found = [(table.args.get("db"), table.name) for table in self.tree.find_all(exp.Table)]
        found += [(column.args.get("db"), column.table) for column in self.tree.find_all(exp.Column)]
        return {
            (schema.meta["start"], schema.meta["end"] + 1, places[f"{schema.name}.{table}"].split(".")[0])
            for schema, table in found
            if isinstance(schema, exp.Identifier) and f"{schema.name}.{table}" in places
        }

    def undeclared_parameters(self, granularity: Granularity) -> list[str]:
        """What is wrong with each `:name` that has no value, in words."""
        declared = {*self.parameters, granularity.first_parameter, granularity.last_parameter}
        return [f":{name}{_nearest(name, declared)}" for name in sorted(self.parameters_named - declared)]

    @property
    def bound_parameters(self) -> dict[str, ParameterValue]:
        """The values of exactly the parameters that the statement names."""
        return {name: self.parameters[name] for name in sorted(self.parameters_named)}

    def for_periods(self, periods: PeriodRange) -> "Statement":
        """The statement with the first and the last period set, such as `:first_month` and `:last_month`."""
        first, last = periods.granularity.first_parameter, periods.granularity.last_parameter
        return replace(self, parameters={**self.parameters, first: periods.first, last: periods.last})

    @cached_property
    def columns_named(self) -> frozenset[str]:
        """Every column that the statement names, of whichever table."""
        return frozenset(column.name for column in self.tree.find_all(exp.Column))

    def columns_read(self, columns: Iterable[str]) -> list[str]:
        """Which of a table's columns the statement can need; all of them where it says `*`, one at least."""
        if any(not isinstance(star.parent, exp.Count) for star in self.tree.find_all(exp.Star)):
            return list(columns)
        known = list(columns)
        return [column for column in known if column in self.columns_named | PERIOD_COLUMNS] or known[:1]

    def with_shared(self, shared: Mapping[str, "Statement"]) -> "Statement":
        """The statement with the shared SELECTs that it reads by name in front of it, as table expressions.

        Args:
            shared: SELECTs by name, in an order in which each reads only those before it.
        """
        needed = set(self.parts_read)
        for name in reversed(list(shared)):
            if name in needed:
                needed |= shared[name].parts_read
        used = [f"{name} AS (\n{part.sql}\n)" for name, part in shared.items() if name in needed]
        return replace(self, sql=_with_expressions(self.sql, used)) if used else self


def _with_expressions(sql: str, expressions: list[str]) -> str:
    first = sqlglot.tokenize(sql, read=DIALECT)[0]
    own = f",\n{sql[first.end + 1 :].lstrip()}" if first.text.upper() == "WITH" else f"\n{sql}"
    return f"WITH {',\n'.join(expressions)}{own}"


def _nearest(name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f" (did you mean :{close[0]}?)" if close else ""


def _first_line(error: SqlglotError) -> str:
    return str(error).splitlines()[0]
