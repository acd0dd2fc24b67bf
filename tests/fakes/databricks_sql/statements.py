from collections.abc import Sequence

import pyarrow as pa
from databricks.sql.thrift_api.TCLIService import ttypes

from tests.fakes.databricks_sql.catalog_names import name_edits
from tests.fakes.databricks_sql.copy_into import LoadedFiles, is_copy_into, parse_copy_into
from tests.fakes.databricks_sql.engine_session import Result
from tests.fakes.databricks_sql.parameters import bind
from tests.fakes.databricks_sql.session import WarehouseSession
from tests.fakes.databricks_sql.session_statements import answer_statement
from tests.fakes.databricks_sql.shallow_clones import check_clones
from tests.fakes.databricks_sql.sql_text import apply_edits, tokenize, word
from tests.fakes.databricks_sql.unity_names import UnityNames
from tests.fakes.databricks_sql.volume_paths import volume_edits

_DESCRIBING = frozenset({"DESC", "DESCRIBE", "EXPLAIN", "SHOW"})


class Interpreter:
    """Runs a statement: what open Spark lacks is answered here, all else goes to the engine."""

    def __init__(self, unity: UnityNames) -> None:
        self._unity = unity
        self._loaded_files = LoadedFiles(unity)

    def run(
        self, text: str, parameters: Sequence[ttypes.TSparkParameter], session: WarehouseSession, tag: str
    ) -> Result:
        """The result of a statement as the client sent it.

        Raises:
            SqlError: when the stand-in refuses it.
            EngineError: when Spark does.
        """
        sql = bind(text, parameters)
        answered = answer_statement(sql, session, self._unity)
        if answered is not None:
            return answered
        if is_copy_into(sql):
            return self._loaded_files.copy(parse_copy_into(sql), session.namespace, session.engine, tag)
        check_clones(sql, session, self._unity, tag)
        result = session.engine.run(self.in_spark(sql, session), tag)
        return self._in_databricks_words(result) if _speaks_of_names_or_paths(sql) else result

    def in_spark(self, sql: str, session: WarehouseSession) -> str:
        """The statement with names and paths as Spark knows them, and not a character else changed."""
        edits = [*name_edits(sql, session.namespace, self._unity), *volume_edits(sql, self._unity)]
        return apply_edits(sql, edits)

    def _in_databricks_words(self, result: Result) -> Result:
        rows = result.rows
        for index, column in enumerate(rows.schema):
            if pa.types.is_string(column.type):
                texts = [text and self._unity.in_databricks_words(text) for text in rows.column(index).to_pylist()]
                rows = rows.set_column(index, column, pa.array(texts, pa.string()))
        return Result(result.schema, rows)


def _speaks_of_names_or_paths(sql: str) -> bool:
    tokens = tokenize(sql)
    return bool(tokens) and (word(tokens[0]) in _DESCRIBING or "/Volumes/" in sql)
