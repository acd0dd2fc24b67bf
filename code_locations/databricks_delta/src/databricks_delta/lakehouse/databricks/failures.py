"""What Databricks says when something goes wrong, and what a person should do about it."""

import re
from dataclasses import dataclass

from platform_runtime.marks.engine_words import spark_words

from databricks_delta.lakehouse.errors import EngineError, LakehouseError, TransientError

_LONGEST_DETAIL = 600  # characters of Databricks' own words that a message quotes
_CONDITION = re.compile(r"\[([A-Z][A-Z0-9_]+(?:\.[A-Z0-9_]+)*)\]")


class StatementError(LakehouseError):
    """A statement that the warehouse ran and refused.

    Attributes:
        condition: Databricks' name of what is wrong, such as `TABLE_OR_VIEW_NOT_FOUND`; empty where it has none.
    """

    def __init__(self, message: str, condition: str) -> None:
        super().__init__(message)
        self.condition = condition


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of failure: how it is recognised, what to do, and whose fault it is."""

    pattern: str
    advice: str
    error: type[LakehouseError]


_GRANT = (
    "Grant what is missing by infrastructure, not by hand: `make permissions STACK=<deployment>` lists who may what, "
    "`make up STACK=<deployment>` applies it"
)
# In this order: what stands first is the more telling.
_KINDS = (
    _Kind(
        r"INSUFFICIENT_P(ERMISSIONS|RIVILEGES)|PERMISSION_DENIED: |SQLSTATE: 42501|does not have (privil|permis)",
        _GRANT,
        EngineError,
    ),
    _Kind(
        r"File '[^']*' (does not exist|is empty)|Missing env var",
        "Mount the token of the pod's ServiceAccount where DATABRICKS_OIDC_TOKEN_FILEPATH says, as dagster_cloud.yaml "
        "does, or give DATABRICKS_CLIENT_SECRET: nothing there says who this is",
        EngineError,
    ),
    _Kind(
        r"\b(file|env)-oidc auth\b|\binvalid_(grant|request)\b",
        "Let a federation policy of the principal DATABRICKS_CLIENT_ID trust the token's issuer, subject and audience, "
        "or give its DATABRICKS_CLIENT_SECRET: Databricks does not take the token for the principal's",
        EngineError,
    ),
    _Kind(
        r"HTTP 40[13]\b|[Tt]oken is expired|Invalid access token|(invalid|unauthorized)_client|UNAUTHENTICATED"
        r"|Credential was not sent|\bUnauthenticated\b",
        "Renew the credential of this deployment, DATABRICKS_TOKEN, or DATABRICKS_CLIENT_ID and "
        "DATABRICKS_CLIENT_SECRET: Databricks does not accept it",
        EngineError,
    ),
    _Kind(r"\bPermissionDenied\b", _GRANT, EngineError),
    _Kind(
        r"HTTP 404\b|SQL warehouse \S+ does not exist",
        "Correct DATABRICKS_HTTP_PATH of this deployment: the workspace has no such SQL warehouse",
        EngineError,
    ),
    _Kind(
        r"QUERY_EXECUTION_TIMEOUT_EXCEEDED|STATEMENT_TIMEOUT|timed out after|SQLSTATE: 57KD0",
        "Run fewer periods at once, or raise warehouse.statement_timeout_seconds in defs.yaml: it took longer",
        EngineError,
    ),
    _Kind(
        r"MaxRetryDurationError|MaxRetryError|max retry duration|HTTP 503\b|TEMPORARILY_UNAVAILABLE|too many 503",
        "Look at the SQL warehouse of this deployment, and start it if it is stopped: it does not answer. If it only "
        "starts slowly, raise warehouse.start_timeout_seconds in defs.yaml",
        EngineError,
    ),
    _Kind(
        r"DELTA_CONCURRENT|DELTA_(METADATA|PROTOCOL)_CHANGED|Concurrent\w+Exception|(Metadata|Protocol)ChangedException"
        r"|DELTA_CONSTRAINT_ALREADY_EXISTS|TABLE_OR_VIEW_ALREADY_EXISTS",
        "Run it again when no other writer is at work: others kept committing first, and nothing of this was written",
        TransientError,
    ),
    _Kind(
        r"NOT_NULL_CONSTRAINT_VIOLATED\W.*\b_source_(file|sha256)\b|FILE_NOT_EXIST",
        "Run it again when nothing is being landed: files kept changing while they were loaded, and none was",
        TransientError,
    ),
    _Kind(
        r"INVALID_HANDLE|SESSION_CLOSED|[Ss]ession was closed|Invalid SessionHandle|SessionAlreadyClosed",
        "Run it again, and look at the SQL warehouse of this deployment: it kept ending its sessions, as one does that "
        "is stopped while it works",
        TransientError,
    ),
    _Kind(
        r"HTTP (429|5\d\d)\b|UnsafeToRetryError|Connection(Reset|Aborted|Refused)|RemoteDisconnected|ProtocolError"
        r"|ReadTimeout|Connection aborted|Remote end closed|OSError|TimeoutError|SSLError|NameResolutionError",
        "Run it again, and look at the network between here and the workspace: connections kept breaking",
        TransientError,
    ),
    _Kind(
        r"Query was cancell?ed|OPERATION_CANCELED|statement was cancell?ed",
        "Run it again: somebody cancelled the statement in Databricks",
        EngineError,
    ),
    _Kind(
        r"NO_SUCH_CATALOG|SCHEMA_NOT_FOUND|UC_VOLUME_NOT_FOUND|VOLUME_DOES_NOT_EXIST|\bNotFound\b",
        "Apply the infrastructure of this deployment, `make up STACK=<deployment>`: what holds the data is not there",
        EngineError,
    ),
    _Kind(
        r"TABLE_OR_VIEW_NOT_FOUND|DELTA_TABLE_NOT_FOUND",
        "Materialise the tables that it reads first: one of them has never been written",
        StatementError,
    ),
    _Kind(
        r"UNRESOLVED_COLUMN|DATATYPE_MISMATCH|DELTA_FAILED_TO_MERGE|DELTA_MERGE_INCOMPATIBLE|INSERT_COLUMN_ARITY"
        r"|CAST_INVALID_INPUT|INCOMPATIBLE_DATA_FOR_TABLE",
        "Compare the SQL with the columns of the tables that it reads, as they are now: they do not fit each other",
        StatementError,
    ),
    # Delta calls the condition of a replacement a constraint as well.
    _Kind(
        r"DELTA_REPLACE_WHERE_MISMATCH",
        "Let the SELECT keep to the periods that it is asked for: it gives rows of others, and none was written",
        StatementError,
    ),
    _Kind(
        r"CONSTRAINT_VIOLAT|VIOLATE_CONSTRAINT",
        "Correct the rows, or the constraint in defs.yaml: rows break a constraint, and none was written",
        StatementError,
    ),
)
_ANY = _Kind("", "Read what Databricks says of it, and correct the statement", StatementError)


def failure(error: Exception, about: str) -> LakehouseError:
    """What a client's error means, its first line what to do.

    Args:
        error: what the client raised.
        about: the table, file or question that the statement was for.
    """
    words = _words(error)
    kind = next((known for known in _KINDS if re.search(known.pattern, words)), _ANY)
    message = f"{kind.advice}.\n{about}: {_detail(error, kind)}"
    if kind.error is StatementError:
        return StatementError(message, _condition(words))
    return kind.error(message)


def _words(error: Exception) -> str:
    """All that an error says: its type, the types of what caused it, the HTTP status and the message."""
    context: object = getattr(error, "context", None)
    status = context.get("http-code") if isinstance(context, dict) else None
    kinds = " ".join(kind.__name__ for kind in type(error).__mro__ if kind.__module__ != "builtins" or kind is OSError)
    return f"{kinds} HTTP {status}: {error}"


def _condition(words: str) -> str:
    found = _CONDITION.search(words)
    return found.group(1) if found else ""


def _detail(error: Exception, kind: _Kind) -> str:
    """Databricks' own words, without values of rows, where they may be about rows at all."""
    said = str(error)
    of_rows = kind.error is StatementError or _CONDITION.search(said) is not None
    text = " ".join((spark_words(said) if of_rows else said).split())
    return text if len(text) <= _LONGEST_DETAIL else f"{text[:_LONGEST_DETAIL]}…"
