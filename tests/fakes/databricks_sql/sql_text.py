"""SQL as text and tokens: what is changed is spliced in, all else stays verbatim."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from sqlglot.dialects.databricks import Databricks
from sqlglot.errors import TokenError
from sqlglot.tokenizer_core import Token, TokenType

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[0-9]+[A-Za-z_][A-Za-z0-9_]*")


class _Words(Databricks):
    class Tokenizer(Databricks.Tokenizer):
        # Statements that sqlglot does not parse are otherwise one opaque token.
        COMMANDS: ClassVar[set[TokenType]] = set()


@dataclass(frozen=True, slots=True)
class Edit:
    """Text that replaces the characters from `start` to `end`, both included."""

    start: int
    end: int
    text: str


def tokenize(sql: str) -> list[Token]:
    """The tokens of a statement; none where its text is malformed, so that Spark itself says what is wrong with it."""
    try:
        return list(_Words().tokenize(sql))
    except TokenError:
        return []


def apply_edits(sql: str, edits: Iterable[Edit]) -> str:
    """The text with every edit made; edits do not overlap."""
    for edit in sorted(edits, key=lambda edit: edit.start, reverse=True):
        sql = f"{sql[: edit.start]}{edit.text}{sql[edit.end + 1 :]}"
    return sql


def word(token: Token) -> str:
    """The token as a keyword: upper case, of several words the last; nothing for a quoted name or a string."""
    if token.token_type in (TokenType.IDENTIFIER, TokenType.STRING):
        return ""
    return token.text.upper().rpartition(" ")[2]


def is_name(token: Token) -> bool:
    """Whether the token can be a part of a name."""
    return token.token_type is TokenType.IDENTIFIER or bool(
        token.token_type is not TokenType.STRING and _WORD.fullmatch(token.text)
    )


def read_chain(tokens: Sequence[Token], start: int) -> list[Token]:
    """The parts of the dotted name that starts there, without its dots."""
    parts = [tokens[start]]
    at = start + 1
    while at + 1 < len(tokens) and tokens[at].token_type is TokenType.DOT and is_name(tokens[at + 1]):
        parts.append(tokens[at + 1])
        at += 2
    return parts


def length(chain: Sequence[Token]) -> int:
    """How many tokens a dotted name takes, its dots included."""
    return 2 * len(chain) - 1


def quote_name(name: str) -> str:
    """A name in backticks."""
    return "`" + name.replace("`", "``") + "`"


def quote_text(text: str) -> str:
    """A string literal."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
