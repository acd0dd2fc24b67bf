"""What Unity Catalog refuses of shallow clones, and open Delta does not.

docs.databricks.com, Shallow clone for Unity Catalog tables: a managed table is cloned to a managed table and nothing
else; no clone is made of a clone; REPLACE overwrites none; and since a clone reads the files of its source, "VACUUM
operations against either the source or target of a shallow clone operation might delete data files from the source
table". The source's retention guards those who clone; nothing guards the source from its clones, so VACUUM of one is
refused here.
"""

from collections.abc import Sequence

from sqlglot.tokenizer_core import Token

from tests.fakes.databricks_sql.engine_session import EngineError
from tests.fakes.databricks_sql.session import WarehouseSession
from tests.fakes.databricks_sql.sql_error import clone_not_supported
from tests.fakes.databricks_sql.sql_text import quote_name, read_chain, tokenize, word
from tests.fakes.databricks_sql.unity_names import UnityNames

_BEFORE_A_NAME = frozenset({"EXISTS", "IF", "NOT", "TABLE"})


def check_clones(sql: str, session: WarehouseSession, unity: UnityNames, tag: str) -> None:
    """Let a statement pass unless it does to a shallow clone, or has it made of, what cannot be.

    Raises:
        SqlError: saying which of the rules it breaks.
    """
    tokens = tokenize(sql)
    words = [word(token) for token in tokens]
    if words[:1] == ["VACUUM"]:
        if _is_clone(_named(tokens, 1, session, unity), session, tag):
            raise clone_not_supported("VACUUM of a shallow clone might delete data files of its source")
    elif words[:1] in (["CREATE"], ["REPLACE"]) and "TABLE" in words:
        _check_made(tokens, words, session, unity, tag)


def _check_made(
    tokens: Sequence[Token], words: Sequence[str], session: WarehouseSession, unity: UnityNames, tag: str
) -> None:
    target = _named(tokens, words.index("TABLE"), session, unity)
    if "REPLACE" in words[: words.index("TABLE")] and _is_clone(target, session, tag):
        raise clone_not_supported("REPLACE cannot overwrite a shallow clone: drop it, and create it anew")
    if "CLONE" not in words or words[words.index("CLONE") - 1] != "SHALLOW":
        return
    if "LOCATION" in words:
        raise clone_not_supported("A managed table can be cloned to a managed table alone, and LOCATION makes another")
    if _is_clone(_named(tokens, words.index("CLONE") + 1, session, unity), session, tag):
        raise clone_not_supported("A shallow clone cannot be made of a shallow clone")


def _named(tokens: Sequence[Token], start: int, session: WarehouseSession, unity: UnityNames) -> str:
    """The table whose name stands there, as Spark knows it."""
    first = next(index for index in range(start, len(tokens)) if word(tokens[index]) not in _BEFORE_A_NAME)
    parts = [token.text for token in read_chain(tokens, first)]
    return quote_name(parts[0]) if len(parts) == 1 else unity.spark_table(parts, session.namespace)


def _is_clone(table: str, session: WarehouseSession, tag: str) -> bool:
    """Whether the table's history begins with a clone; False of one that is not there, or no Delta table."""
    try:
        history = session.engine.run(f"DESCRIBE HISTORY {table}", tag).rows
    except EngineError:
        return False
    *_, oldest = history.column("operation").to_pylist()
    return oldest == "CLONE"
