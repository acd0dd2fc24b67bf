"""COPY INTO, which open Spark lacks: named files into a table, each path once.

Databricks remembers in the table which paths it has loaded, and skips them even when the file behind one has changed.
The stand-in keeps that memory in the notes of the table's commits, so rows and memory come and go in one transaction.
"""

import fnmatch
import json
import threading
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
from sqlglot.tokenizer_core import Token, TokenType

from tests.fakes.databricks_sql.answers import answer
from tests.fakes.databricks_sql.catalog_names import name_places
from tests.fakes.databricks_sql.engine_session import EngineSession, Result
from tests.fakes.databricks_sql.sql_error import SqlError, not_answered
from tests.fakes.databricks_sql.sql_text import length, read_chain, tokenize, word
from tests.fakes.databricks_sql.unity_names import Namespace, UnityNames
from tests.fakes.databricks_sql.volume_paths import require_volume_path, volume_edits

_NOTE = "copy_into"


@dataclass(slots=True)
class CopyInto:
    """A COPY INTO statement, read."""

    target: tuple[str, ...]
    source: str
    expressions: list[str]
    file_format: str
    files: list[str] | None
    pattern: str | None
    format_options: Mapping[str, str] = field(default_factory=dict)
    copy_options: Mapping[str, str] = field(default_factory=dict)


def is_copy_into(sql: str) -> bool:
    """Whether the statement is one."""
    return [word(token) for token in tokenize(sql)[:2]] == ["COPY", "INTO"]


def parse_copy_into(sql: str) -> CopyInto:
    """Read the statement.

    Raises:
        SqlError: when it is malformed, or uses a clause that the stand-in does not know.
    """
    return _Parser(sql).parse()


class LoadedFiles:
    """COPY INTO on one engine; one load at a time, so that no two take a file for new."""

    def __init__(self, unity: UnityNames) -> None:
        self._unity = unity
        self._lock = threading.Lock()

    def copy(self, statement: CopyInto, namespace: Namespace, engine: EngineSession, tag: str) -> Result:
        """Load what is new, and answer how many rows that were.

        Raises:
            SqlError: when the statement names what nobody declared.
            EngineError: when Spark cannot read the files or write the table; nothing is loaded then.
        """
        table = self._unity.spark_table(statement.target, namespace)
        with self._lock:
            known = set() if statement.copy_options.get("force") == "true" else _remembered(engine, table, tag)
            fresh = {path: local for path, local in self._source_files(statement).items() if path not in known}
            loaded = self._load(statement, engine, table, fresh, tag) if fresh else 0
        counts = {"num_affected_rows": loaded, "num_inserted_rows": loaded, "num_skipped_corrupt_files": 0}
        return answer({name: (pa.int64(), [count]) for name, count in counts.items()})

    def _source_files(self, statement: CopyInto) -> dict[str, Path]:
        """The local file of each path that the statement names."""
        folder = require_volume_path(statement.source, self._unity)
        if statement.files is not None:
            return {f"{statement.source.rstrip('/')}/{name}": folder / name for name in statement.files}
        if folder.is_file():
            return {statement.source: folder}
        found = sorted(path for path in folder.rglob("*") if path.is_file() and not path.name.startswith(("_", ".")))
        return {
            f"{statement.source.rstrip('/')}/{path.relative_to(folder)}": path
            for path in found
            if statement.pattern is None or fnmatch.fnmatch(str(path.relative_to(folder)), statement.pattern)
        }

    def _load(self, statement: CopyInto, engine: EngineSession, table: str, files: Mapping[str, Path], tag: str) -> int:
        paths = [str(local) for local in files.values()]
        frame = engine.read_files(statement.file_format, statement.format_options, paths)
        expressions = [self._in_spark(expression) for expression in statement.expressions]
        note = json.dumps({_NOTE: sorted(files), "load": uuid.uuid4().hex})
        merge_schema = statement.copy_options.get("mergeschema") == "true"
        engine.append(frame, expressions, table, note=note, merge_schema=merge_schema, tag=tag)
        return _rows_written(engine, table, note, tag)

    def _in_spark(self, expression: str) -> str:
        for edit in volume_edits(expression, self._unity):
            expression = f"{expression[: edit.start]}{edit.text}{expression[edit.end + 1 :]}"
        return expression


def _history(engine: EngineSession, table: str, tag: str) -> list[dict[str, Any]]:
    rows = engine.run(f"DESCRIBE HISTORY {table}", tag).rows.select(["userMetadata", "operationMetrics"])
    return rows.to_pylist(maps_as_pydicts="strict")


def _remembered(engine: EngineSession, table: str, tag: str) -> set[str]:
    notes = [str(entry["userMetadata"]) for entry in _history(engine, table, tag) if entry["userMetadata"]]
    return {path for note in notes if _NOTE in note for path in json.loads(note)[_NOTE]}


def _rows_written(engine: EngineSession, table: str, note: str, tag: str) -> int:
    for entry in _history(engine, table, tag):
        if entry["userMetadata"] == note:
            return int(entry["operationMetrics"]["numOutputRows"])
    return 0


class _Parser:
    """Reads `COPY INTO target FROM source FILEFORMAT = … [clauses]`, token by token."""

    def __init__(self, sql: str) -> None:
        self._sql = sql
        self._tokens = [token for token in tokenize(sql) if token.token_type is not TokenType.SEMICOLON]
        self._at = 2

    def parse(self) -> CopyInto:
        place = next(iter(name_places(self._tokens)), None)
        if place is None or place.index != self._at:
            raise self._malformed()
        target = read_chain(self._tokens, self._at)
        self._at += length(target)
        self._expect("FROM")
        expressions, source = self._source()
        statement = CopyInto(tuple(token.text for token in target), source, expressions, "", None, None)
        while self._at < len(self._tokens):
            self._clause(statement)
        if not statement.file_format:
            raise self._malformed()
        return statement

    def _source(self) -> tuple[list[str], str]:
        if self._tokens[self._at].token_type is TokenType.STRING:
            return ["*"], self._take().text
        self._take_type(TokenType.L_PAREN)
        self._expect("SELECT")
        expressions = list(self._expressions())
        source = self._take_type(TokenType.STRING).text
        self._take_type(TokenType.R_PAREN)
        return expressions, source

    def _expressions(self) -> Iterator[str]:
        """The texts between SELECT and FROM, each without its comma."""
        depth, start = 0, self._at
        while self._at < len(self._tokens):
            token = self._take()
            depth += (token.token_type is TokenType.L_PAREN) - (token.token_type is TokenType.R_PAREN)
            ends = depth == 0 and (token.token_type is TokenType.COMMA or self._starts_source(token))
            if ends:
                yield self._sql[self._tokens[start].start : token.start].strip()
                start = self._at
            if ends and token.token_type is not TokenType.COMMA:
                return
        raise self._malformed()

    def _starts_source(self, token: Token) -> bool:
        is_last = self._at >= len(self._tokens)
        return word(token) == "FROM" and not is_last and self._tokens[self._at].token_type is TokenType.STRING

    def _clause(self, statement: CopyInto) -> None:
        name = word(self._take())
        if name in {"FORMAT_OPTIONS", "COPY_OPTIONS"}:
            setattr(statement, name.lower(), self._options())
            return
        self._take_type(TokenType.EQ)
        match name:
            case "FILEFORMAT":
                statement.file_format = self._take().text.lower()
            case "FILES":
                statement.files = [token.text for token in self._parenthesised()]
            case "PATTERN":
                statement.pattern = self._take_type(TokenType.STRING).text
            case _:
                raise not_answered(f"{name} in COPY INTO")

    def _options(self) -> dict[str, str]:
        texts = [token.text for token in self._parenthesised() if token.token_type is not TokenType.EQ]
        return {name.lower(): value for name, value in zip(texts[::2], texts[1::2], strict=True)}

    def _parenthesised(self) -> Sequence[Token]:
        self._take_type(TokenType.L_PAREN)
        inside: list[Token] = []
        while (token := self._take()).token_type is not TokenType.R_PAREN:
            inside.append(token)
        return [token for token in inside if token.token_type is not TokenType.COMMA]

    def _take(self) -> Token:
        if self._at >= len(self._tokens):
            raise self._malformed()
        self._at += 1
        return self._tokens[self._at - 1]

    def _take_type(self, kind: TokenType) -> Token:
        token = self._take()
        if token.token_type is not kind:
            raise self._malformed()
        return token

    def _expect(self, keyword: str) -> None:
        if word(self._take()) != keyword:
            raise self._malformed()

    def _malformed(self) -> SqlError:
        near = self._tokens[min(self._at, len(self._tokens)) - 1].text
        return SqlError("PARSE_SYNTAX_ERROR", f"Syntax error at or near '{near}' of COPY INTO.", "42601")
