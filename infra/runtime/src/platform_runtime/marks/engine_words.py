"""What engines say when something goes wrong, without the values of rows that they quote.

An engine's message goes to event logs, consoles and comments. Many quote a value, or a whole row, and not always
between quotes. So only what is known to speak of names, SQL and rights is passed on as it is. Of the rest there stays
what it says of kind, column and type, whichever table the rows are in: few messages say which column they quote.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from platform_runtime.marks.mask import MASK

WITHHELD = "(what else it says may quote a row, and is not repeated)"


@dataclass(frozen=True, slots=True)
class _Tongue:
    """How an engine's messages begin, which kinds hold no value of a row, and what can be told of the others.

    Attributes:
        opening: finds a message's beginning.
        is_free: whether a message that begins so holds no value.
        forms: messages with a value at a known place: each a pattern for what follows the opening, and what is told.
    """

    opening: re.Pattern[str]
    is_free: Callable[[re.Match[str]], bool]
    forms: tuple[tuple[re.Pattern[str], str], ...]

    def without_values(self, said: str) -> str:
        found = next((opening for opening in self.opening.finditer(said) if not self.is_free(opening)), None)
        if found is None:
            return said
        told = self._told(said[found.end() :])
        return f"{said[: found.end()]}{told}{' ' if told else ''}{WITHHELD}"

    def _told(self, rest: str) -> str:
        matches = ((form.match(rest), told) for form, told in self.forms)
        return next((match.expand(told) for match, told in matches if match is not None), "")


def _form(pattern: str, told: str) -> tuple[re.Pattern[str], str]:
    # A value may hold line breaks and quotes: it ends where the last of the words after it begin.
    return re.compile(pattern, re.DOTALL), told


# DuckDB's classes of errors (`ExceptionType` of its sources) that are found before a row is looked at, or are about
# files and memory; a commit's errors (`TransactionContext Error`) quote duplicate keys. Then dbt's own, which may
# repeat an engine's message, that has its own beginning.
_DUCKDB_FREE = {
    *("Binder", "Catalog", "Parser", "Syntax", "Dependency", "Permission", "Connection", "IO", "HTTP"),
    *("Out of Memory", "Not implemented", "Missing Extension", "Interrupt"),
    *("Compilation", "Parsing", "Runtime", "Database"),
}
_DUCKDB = _Tongue(
    re.compile(r"\b(?P<kind>[A-Z][A-Za-z]+(?: [A-Za-z]+){0,2}) Error: "),
    lambda opening: opening["kind"] in _DUCKDB_FREE,
    (
        _form(
            r"Could not convert string '.*' to (?P<type>[A-Z0-9_]+) when casting from source column (?P<column>\w+)",
            rf"Could not convert string {MASK} to \g<type> when casting from source column \g<column>",
        ),
        _form(
            r"Could not convert string '.*' to (?P<type>[A-Z0-9_]+)", rf"Could not convert string {MASK} to \g<type>"
        ),
        _form(r"NOT NULL constraint failed: (?P<column>[\w.]+)", r"NOT NULL constraint failed: \g<column>"),
    ),
)

# Snowflake numbers errors in data 100000 and above (`Numeric value '…' is not recognized` is 100038, a row that MERGE
# finds twice, with all its values, 100090), and most bear an SQLSTATE of data exceptions (22…, but 22000, which
# errors of sessions and warehouses have too) or of integrity (23…). A block of Snowflake Scripting fails with P0…, and
# repeats what its statement said without that one's number. 2520… are the connector's own about a row that it cannot
# turn into Python's types (`errorcode.py`), with the value.
_SNOWFLAKE_DATA = ("100", "2520")
_SNOWFLAKE = _Tongue(
    re.compile(r"\b(?P<number>\d{6})(?: \((?P<state>\w{5})\))?: "),
    lambda opening: (
        not opening["number"].startswith(_SNOWFLAKE_DATA)
        and (opening["state"] == "22000" or not (opening["state"] or "").startswith(("22", "23", "P0")))
    ),
    (
        _form(
            r"(?P<query>[0-9a-f-]{36}: )?(?P<what>(Numeric|Boolean) value|Date|Time(stamp)?) '.*' is not recognized",
            rf"\g<query>\g<what> {MASK} is not recognized",
        ),
        _form(r"(?P<told>([0-9a-f-]{36}: )?NULL result in a non-nullable column)", r"\g<told>"),
    ),
)

# Error conditions of Spark and Delta that name objects, columns, types and rights (error-conditions.json of Spark,
# delta-error-classes.json of Delta).
_SPARK_FREE = re.compile(
    r"(UNRESOLVED_(COLUMN|ROUTINE)|(TABLE_OR_VIEW|DELTA_TABLE|SCHEMA|COLUMN|UC_VOLUME|PATH)_NOT_FOUND|NO_SUCH_CATALOG"
    r"|VOLUME_DOES_NOT_EXIST|(TABLE_OR_VIEW|SCHEMA)_ALREADY_EXISTS|INSUFFICIENT_P(ERMISSIONS|RIVILEGES)"
    r"|PERMISSION_DENIED|DATATYPE_MISMATCH|PARSE_SYNTAX_ERROR|INSERT_COLUMN_ARITY_MISMATCH|MISSING_AGGREGATION"
    r"|AMBIGUOUS_REFERENCE|(DELTA_)?NOT_NULL_CONSTRAINT_VIOLATED|INCOMPATIBLE_DATA_FOR_TABLE|DELTA_FAILED_TO_MERGE"
    r"|DELTA_MERGE_INCOMPATIBLE|DELTA_CONCURRENT|DELTA_(METADATA|PROTOCOL)_CHANGED|DELTA_CONSTRAINT_ALREADY_EXISTS"
    r"|DELTA_NEW_CHECK_CONSTRAINT_VIOLATION|QUERY_EXECUTION_TIMEOUT|OPERATION_CANCELED|INVALID_HANDLE|SESSION_CLOSED"
    r"|TEMPORARILY_UNAVAILABLE|FEATURE_|UNSUPPORTED_|CLOUD_|RESOURCE_|UNAUTHENTICATED|FILE_NOT_EXIST).*"
)
_SPARK = _Tongue(
    re.compile(r"\[(?P<condition>[A-Z][A-Z0-9_]+(?:\.[A-Z0-9_]+)*)\] ?"),
    lambda opening: _SPARK_FREE.fullmatch(opening["condition"]) is not None,
    (
        _form(
            r"The value '.*' of the type \"(?P<from>\w+)\" cannot be cast to \"(?P<to>\w+)\"",
            rf'The value {MASK} of the type "\g<from>" cannot be cast to "\g<to>"',
        ),
        _form(r"CHECK constraint (?P<name>\w+) ", r"CHECK constraint \g<name>"),
    ),
)

_EXCEPTION = re.compile(r"[\w.]+(Error|Exception)\b")


def duckdb_words(said: str) -> str:
    """A message of DuckDB, or one that repeats it, without values of rows."""
    return _DUCKDB.without_values(said)


def duckdb_error_words(error: Exception) -> str:
    """What an error of DuckDB itself says, without values of rows."""
    said = str(error)
    return duckdb_words(said) if _DUCKDB.opening.search(said) else f"{type(error).__name__} {WITHHELD}"


def snowflake_words(said: str) -> str:
    """A message of Snowflake, or one that repeats it, without values of rows."""
    return _SNOWFLAKE.without_values(said)


def spark_words(said: str) -> str:
    """A message of Spark, and so of Databricks, or one that repeats it, without values of rows.

    Of what names no error condition nobody knows what it holds; only an exception's name at its beginning stays.
    """
    if _SPARK.opening.search(said) is not None:
        return _SPARK.without_values(said)
    named = _EXCEPTION.match(said)
    return f"{named[0]} {WITHHELD}" if named is not None else WITHHELD
