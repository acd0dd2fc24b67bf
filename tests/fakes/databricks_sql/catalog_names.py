"""Names of tables and schemas in a statement, put as Spark, which has one catalog, knows them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlglot.tokenizer_core import Token, TokenType

from tests.fakes.databricks_sql.sql_error import schema_not_found
from tests.fakes.databricks_sql.sql_text import Edit, is_name, length, quote_text, read_chain, tokenize, word
from tests.fakes.databricks_sql.unity_names import Namespace, UnityNames

FILE_FORMATS = frozenset({"avro", "binaryfile", "csv", "delta", "json", "orc", "parquet", "text"})

# After these stands a table, a view or, in SHOW, DESCRIBE and the like, what is asked about.
_TABLE_FOLLOWS = frozenset({
    "CLONE", "DESC", "DESCRIBE", "DETAIL", "EXISTS", "EXTENDED", "FORMATTED", "FROM", "HISTORY", "INTO", "JOIN",
    "OPTIMIZE", "OVERWRITE", "PARTITIONS", "REFRESH", "RESTORE", "TABLE", "TBLPROPERTIES", "UPDATE", "USING", "VACUUM",
    "VIEW",
})  # fmt: skip
_SCHEMA_FOLLOWS = frozenset({"DATABASE", "SCHEMA"})
# They may stand between those words and the name.
_FILLERS = frozenset({"DETAIL", "EXISTS", "EXTENDED", "FORMATTED", "HISTORY", "IF", "NOT", "ONLY", "TABLE", "VIEW"})
# A part of a query that ends its list of tables.
_CLAUSES = frozenset({
    "BY", "CLUSTER", "EXCEPT", "GROUP", "HAVING", "INTERSECT", "LATERAL", "LIMIT", "ON", "ORDER", "PIVOT", "QUALIFY",
    "SELECT", "SET", "UNION", "VALUES", "WHEN", "WHERE", "WINDOW", "ZORDER",
})  # fmt: skip
_QUERY_STARTS = frozenset({"SELECT", "VALUES", "WITH"})
_WRITING = frozenset({"ALTER", "COPY", "CREATE", "INSERT", "MERGE", "TRUNCATE", "UPDATE"})
_WRITTEN = frozenset({"INTO", "OVERWRITE", "TABLE", "UPDATE"})


@dataclass(slots=True)
class _Level:
    """Inside one pair of parentheses: whether a query stands there, and whether its tables are being listed."""

    holds_query: bool
    lists_tables: bool = False


@dataclass(frozen=True, slots=True)
class NamePlace:
    """Where a name of a table or schema stands: its first token, and the word that says what it is."""

    index: int
    introduced_by: str


def name_edits(sql: str, namespace: Namespace, unity: UnityNames) -> list[Edit]:
    """What to change so that Spark finds every table and schema that the statement names.

    Raises:
        SqlError: for a catalog or schema that nobody declared.
    """
    tokens = tokenize(sql)
    found: dict[tuple[str, ...], str] = {}
    places = {place.index: place for place in name_places(tokens)}
    edits: list[Edit] = []
    for place in places.values():
        edits += _place_edits(tokens, place, namespace, unity, found)
    edits += _column_edits(tokens, places, found)
    edits += _text_edits(tokens, namespace, unity)
    return edits


def name_places(tokens: Sequence[Token]) -> Iterator[NamePlace]:
    """Every place where the name of a table or schema stands."""
    levels = [_Level(holds_query=True)]
    pending = ""
    index = 0
    while index < len(tokens):
        token = tokens[index]
        level = levels[-1]
        here = word(token)
        is_dotted = index + 1 < len(tokens) and tokens[index + 1].token_type is TokenType.DOT
        if here in _CLAUSES | _QUERY_STARTS and not is_dotted:
            level.holds_query |= here in _QUERY_STARTS
            level.lists_tables = False
            pending = here if _introduces(tokens, index, level) else ""
        elif pending and is_name(token) and (is_dotted or here not in _FILLERS | _SCHEMA_FOLLOWS):
            yield NamePlace(index, pending)
            level.lists_tables |= pending in {"FROM", "JOIN"}
            pending = ""
            index += length(read_chain(tokens, index)) - 1
        elif token.token_type is TokenType.L_PAREN:
            levels.append(_Level(holds_query=False))
        elif token.token_type is TokenType.R_PAREN:
            levels = levels[:-1] or [_Level(holds_query=True)]
            pending = ""
        elif token.token_type is TokenType.COMMA:
            pending = "FROM" if level.lists_tables else ""
        elif _introduces(tokens, index, level):
            pending = here
        elif here not in _FILLERS:
            pending = ""
        index += 1


def _introduces(tokens: Sequence[Token], index: int, level: _Level) -> bool:
    here = word(tokens[index])
    before = word(tokens[index - 1]) if index else ""
    statement = word(tokens[0])
    conditions = {
        "COLUMN": before == "ON",
        # Neither `IS DISTINCT FROM x.y` nor `EXTRACT(DAY FROM x.y)`.
        "FROM": before != "DISTINCT" and level.holds_query,
        "IN": statement == "SHOW",
        "LIKE": statement == "CREATE" and not any(word(token) == "SELECT" for token in tokens[:index]),
        "TO": before == "RENAME",
    }
    return conditions.get(here, here in _TABLE_FOLLOWS | _SCHEMA_FOLLOWS)


def _place_edits(
    tokens: Sequence[Token],
    place: NamePlace,
    namespace: Namespace,
    unity: UnityNames,
    found: dict[tuple[str, ...], str],
) -> Iterator[Edit]:
    chain = read_chain(tokens, place.index)
    if place.introduced_by == "COLUMN":
        chain = chain[:-1]
    parts = [token.text for token in chain]
    if _is_file(chain):
        return
    if _names_schema(tokens, place):
        yield Edit(chain[0].start, chain[-1].end, unity.spark_schema(parts, namespace))
    elif len(parts) > 1:
        local = unity.spark_table(parts[:3], namespace)
        found[tuple(part.lower() for part in parts[:3])] = local
        yield Edit(chain[0].start, chain[min(len(chain), 3) - 1].end, local)
    elif _is_written(tokens, place):
        _require_current_schema(namespace, unity)


def _names_schema(tokens: Sequence[Token], place: NamePlace) -> bool:
    asked_about = word(tokens[1]) if len(tokens) > 1 else ""
    lists = word(tokens[0]) == "SHOW" and asked_about in {"TABLES", "VIEWS", "VOLUMES"}
    return place.introduced_by in _SCHEMA_FOLLOWS or (lists and place.introduced_by in {"FROM", "IN"})


def _is_file(chain: Sequence[Token]) -> bool:
    quoted = len(chain) == 2 and chain[1].token_type is TokenType.IDENTIFIER
    return quoted and chain[0].text.lower() in FILE_FORMATS and "/" in chain[1].text


def _is_written(tokens: Sequence[Token], place: NamePlace) -> bool:
    is_name_in_text = word(tokens[place.index]) == "IDENTIFIER"
    return word(tokens[0]) in _WRITING and place.introduced_by in _WRITTEN and not is_name_in_text


def _require_current_schema(namespace: Namespace, unity: UnityNames) -> None:
    # Spark would write into its own default database.
    if namespace.schema is None:
        raise schema_not_found("`default`")
    unity.require_schema(namespace.catalog, namespace.schema)


def _column_edits(
    tokens: Sequence[Token], places: dict[int, NamePlace], found: dict[tuple[str, ...], str]
) -> Iterator[Edit]:
    """Columns qualified by the whole name of their table."""
    index = 0
    while index < len(tokens):
        if not is_name(tokens[index]):
            index += 1
            continue
        chain = read_chain(tokens, index)
        names = tuple(token.text.lower() for token in chain)
        qualifier = next((name for name in found if names[: len(name)] == name and len(names) > len(name)), None)
        if qualifier and index not in places:
            yield Edit(chain[0].start, chain[len(qualifier) - 1].end, found[qualifier])
        index += length(chain)


def _text_edits(tokens: Sequence[Token], namespace: Namespace, unity: UnityNames) -> Iterator[Edit]:
    """Table names that stand in strings, and the names of the session's own catalog and schema."""
    for index, token in enumerate(tokens):
        match word(token):
            case "IDENTIFIER" | "TABLE_CHANGES":
                yield from _named_in_text(tokens, index, namespace, unity)
            case "CURRENT_CATALOG":
                yield _call_edit(tokens, index, namespace.catalog)
            case "CURRENT_SCHEMA" | "CURRENT_DATABASE":
                yield _call_edit(tokens, index, namespace.schema)


def _named_in_text(tokens: Sequence[Token], index: int, namespace: Namespace, unity: UnityNames) -> Iterator[Edit]:
    # The string may stand in a CAST, which is what a bound parameter looks like.
    inside = [token for token in tokens[index + 1 : index + 5] if token.token_type is not TokenType.L_PAREN]
    text = next((token for token in inside if word(token) != "CAST"), None)
    if text is None or text.token_type is not TokenType.STRING:
        return
    parts = [token.text for token in tokenize(text.text) if is_name(token)]
    if len(parts) > 1:
        yield Edit(text.start, text.end, quote_text(unity.spark_table(parts, namespace)))


def _call_edit(tokens: Sequence[Token], index: int, value: str | None) -> Edit:
    is_called = index + 2 < len(tokens) and tokens[index + 1].token_type is TokenType.L_PAREN
    last = tokens[index + 2] if is_called else tokens[index]
    return Edit(tokens[index].start, last.end, "NULL" if value is None else quote_text(value))
