"""Values that a client sends beside a statement, put where the statement names them.

Spark itself substitutes text for parameters; with Delta's parser in front of it, it does not.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from databricks.sql.thrift_api.TCLIService import ttypes
from sqlglot.tokenizer_core import Token, TokenType

from tests.fakes.databricks_sql.sql_error import SqlError
from tests.fakes.databricks_sql.sql_text import Edit, apply_edits, is_name, quote_text, tokenize

_CLOSING = frozenset({TokenType.R_PAREN, TokenType.R_BRACKET})


def bind(sql: str, parameters: Sequence[ttypes.TSparkParameter]) -> str:
    """The statement with every `:name` or `?` replaced by a literal of the parameter's type.

    Raises:
        SqlError: when the statement names a parameter that was not sent.
    """
    named = {parameter.name: literal(parameter) for parameter in parameters if parameter.name}
    positional = [literal(parameter) for parameter in parameters if not parameter.name]
    tokens = tokenize(sql)
    return apply_edits(sql, [*_named_edits(tokens, named), *_positional_edits(tokens, positional)])


def literal(parameter: Any) -> str:
    """A parameter, or an element of one, as SQL.

    Args:
        parameter: a TSparkParameter, or a TSparkParameterValueArg, of which arrays and maps are made.
    """
    match parameter.type.upper().partition("<")[0].partition("(")[0]:
        case "VOID":
            return "NULL"
        case "ARRAY":
            return f"array({', '.join(map(literal, parameter.arguments or ()))})"
        case "MAP":
            # Keys and values in turn.
            return f"map({', '.join(map(literal, parameter.arguments or ()))})"
        case _:
            return f"CAST({quote_text(_text(parameter.value))} AS {parameter.type})"


def _text(value: Any) -> str:
    return str(value.stringValue if isinstance(value, ttypes.TSparkParameterValue) else value)


def _named_edits(tokens: Sequence[Token], named: dict[str, str]) -> Iterator[Edit]:
    for index in range(len(tokens) - 1):
        if _is_marker(tokens, index):
            name = tokens[index + 1].text
            if name not in named:
                raise SqlError(
                    "UNBOUND_SQL_PARAMETER",
                    f"Found the unbound parameter: {name}. Please, fix `args` and provide a mapping of the parameter "
                    "to either a SQL literal or collection constructor functions.",
                    "42P02",
                )
            yield Edit(tokens[index].start, tokens[index + 1].end, named[name])


def _is_marker(tokens: Sequence[Token], index: int) -> bool:
    colon, after = tokens[index], tokens[index + 1]
    if colon.token_type is not TokenType.COLON or not is_name(after) or after.start != colon.end + 1:
        return False
    # `column:field` reaches into JSON.
    before = tokens[index - 1] if index else None
    return before is None or before.end + 1 != colon.start or not (is_name(before) or before.token_type in _CLOSING)


def _positional_edits(tokens: Sequence[Token], values: list[str]) -> Iterator[Edit]:
    markers = [token for token in tokens if token.token_type is TokenType.PLACEHOLDER]
    if values and len(markers) != len(values):
        raise SqlError("UNBOUND_SQL_PARAMETER", f"{len(markers)} markers, {len(values)} parameters.", "42P02")
    for marker, value in zip(markers, values, strict=False):
        yield Edit(marker.start, marker.end, value)
