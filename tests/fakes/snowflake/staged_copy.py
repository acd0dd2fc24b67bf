"""COPY INTO a table from a file of an internal stage, as Snowflake does it, in words that fakesnow understands."""

import csv
import gzip
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import sqlglot
from fakesnow.transforms.stage import LOCAL_BUCKET_PATH
from sqlglot import exp

from tests.fakes.snowflake.account_session import AccountSession

_COPY = re.compile(r"\s*copy\s+into\s+[^@('\s]", re.IGNORECASE)
# What a transformation may not have (docs.snowflake.com, Transforming data during a load, "Unsupported").
_NOT_IN_A_COPY = ("where", "group", "order", "limit", "having", "distinct", "joins")
_FORCE = "FORCE"


@dataclass(frozen=True, slots=True)
class StagedCopy:
    """A COPY INTO: the table, and the files that are there for it."""

    statement: exp.Copy
    table: str
    files: tuple[Path, ...]

    @property
    def is_forced(self) -> bool:
        """Whether files are loaded whatever the history says."""
        return any(_name(one) == _FORCE and one.expression == exp.true() for one in self.statement.args["params"])

    @property
    def refusal(self) -> str | None:
        """Why Snowflake does not run it, None where it does."""
        select = self.statement.args["files"][0].this
        unsupported = [name for name in _NOT_IN_A_COPY if isinstance(select, exp.Select) and select.args.get(name)]
        if unsupported:
            return f"SQL compilation error:\nCOPY statement only supports simple SELECT: no {unsupported[0].upper()}."
        return None

    def reworded(self) -> str:
        """The statement with columns of the file by the names that DuckDB gives them, and no history of fakesnow's own.

        DuckDB writes `column0` for the first of ten columns, and `column00` for the first of eleven.
        """
        copy = self.statement.copy()
        copy.set("params", [one for one in copy.args["params"] if _name(one) != _FORCE] + [_forced()])
        count = _width(self.files[0])
        source = copy.args["files"][0]
        if isinstance(source, exp.Table) and isinstance(copy.this, exp.Schema):
            columns = [_parameter(number + 1) for number in range(len(copy.this.expressions))]
            copy.set("files", [exp.Subquery(this=exp.Select(expressions=columns).from_(source))])
        for parameter in list(copy.args["files"][0].find_all(exp.Parameter)):
            position = int(parameter.this.name) - 1
            parameter.replace(exp.column(f"column{position:0{len(str(count - 1))}}"))
        return copy.sql(dialect="snowflake")


def staged_copy(sql: str, session: AccountSession) -> StagedCopy | None:
    """The COPY INTO that a statement is, None for any other, and for one that reads no internal stage."""
    if not _COPY.match(sql):
        return None
    statement = cast("exp.Copy", sqlglot.parse_one(sql, dialect="snowflake"))
    variable = statement.args["files"][0].find(exp.Var)
    table = statement.this.find(exp.Table)
    if variable is None or not variable.name.startswith("@") or table is None:
        return None
    stage, _, path = variable.name[1:].partition("/")
    folder = Path(LOCAL_BUCKET_PATH).joinpath(*session.full_name(stage).split("."))
    named = f"{folder}/{path}"
    files = tuple(sorted(file for file in folder.rglob("*") if file.is_file() and str(file).startswith(named)))
    return StagedCopy(statement, session.full_name(table.sql(dialect="snowflake")), files)


def skipped(files: tuple[Path, ...]) -> str:
    """What COPY answers for files that were all loaded before."""
    rows = " union all ".join(
        f"select '{file.name}', 'LOAD_SKIPPED', 0, 0, null, 1, 'File was loaded before.'" for file in files
    )
    columns = "file, status, rows_parsed, rows_loaded, error_limit, errors_seen, first_error"
    return f"select * from ({rows}) as loads ({columns})"


def _name(parameter: Any) -> str:
    return parameter.this.name.upper()


def _forced() -> exp.CopyParameter:
    return exp.CopyParameter(this=exp.var(_FORCE), expression=exp.true())


def _parameter(number: int) -> exp.Parameter:
    return exp.Parameter(this=exp.Literal.number(number))


def _width(file: Path) -> int:
    with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8") as lines:
        return len(next(csv.reader(lines), []))
