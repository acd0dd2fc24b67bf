"""What to do about an error of Snowflake, said first; Snowflake's own words come after it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import dagster as dg
from platform_contract.environment_variables import EnvironmentVariable

from platform_runtime.marks.engine_words import snowflake_words


@dataclass(frozen=True, slots=True)
class _Remedy:
    """What to do where Snowflake's message has one of the signs, each a part of a regular expression."""

    signs: tuple[str, ...]
    text: str


_KEY = EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY
_USER = EnvironmentVariable.SNOWFLAKE_USER
_ACCOUNT = EnvironmentVariable.SNOWFLAKE_ACCOUNT

# The first that fits counts.
_REMEDIES = (
    _Remedy(
        ("JWT token is invalid", "39014[45]", "394300"),
        f"Snowflake does not accept the key in {_KEY} for the user in {_USER}: set the private key whose public key "
        "the user has now (a rotation registers the new one by `make up`), and see that this machine's clock is right",
    ),
    _Remedy(
        ("390189", "is not granted to this user"),
        f"the user in {_USER} may not take on the role: set the service user of this deployment, or bring its stack up "
        "again with `make up`",
    ),
    _Remedy(
        (r"\b39\d{4}\b", "Incorrect username or password"),
        f"Snowflake refuses the sign-in: check {_ACCOUNT}, {_USER} and the key or identity beside them",
    ),
    _Remedy(
        (r"\b090073\b", "resource monitor"),
        "the warehouse's resource monitor has used up its quota: raise `credit_quota` in the stack's settings and "
        "`make up`, or run again when its next period begins",
    ),
    _Remedy(
        (r"\b000606\b", "No active warehouse", "cannot be resumed", "is suspended"),
        "the warehouse does not run: bring the deployment's stack up with `make up`, which lets the role use it and "
        "lets it resume by itself, then run again",
    ),
    _Remedy(
        (r"\b000630\b", "timeout of", "queued timeout"),
        "a statement waited or ran for too long and was cancelled: run again when the warehouse is idle, or give it "
        "more time or size in the stack's settings (`queue_timeout_seconds`, `statement_timeout_seconds`, `size`)",
    ),
    _Remedy(
        (r"\b000625\b", "has locked table"),
        "another load or build is at work on the same table and did not end in time: run again when it is done (`show "
        "locks` tells whose it is; one whose machine died is undone after five minutes)",
    ),
    _Remedy(
        (r"\b003001\b", "Insufficient privileges"),
        "the role lacks a privilege: `make permissions` shows which ones it should have, `make up` gives them back",
    ),
    _Remedy(
        (r"\b000904\b", "invalid identifier", r"\b100080\b", "does not match that of the corresponding table"),
        "a table no longer has the columns that the code expects: put back what somebody changed (Time Travel still "
        "has it: `create or replace table … clone … before (statement => …)`), then run again",
    ),
    _Remedy(
        (r"\b002003\b", r"\b002043\b", "does not exist or not authorized", "does not exist, or operation cannot"),
        "an object is missing or hidden from the role: `make up` makes what the deployment's stack declares, a run of "
        "what lies upstream makes the rest",
    ),
    _Remedy(
        (r"\b000604\b", "SQL execution canceled"),
        "somebody or something cancelled a statement: run again, nothing of it was kept",
    ),
    _Remedy(
        (r"\b25\d{4}\b", "Failed to (connect|execute request)", "Connection(Error| aborted| broken)", "IncompleteRead"),
        f"Snowflake cannot be reached: check the network and {_ACCOUNT}, then run again; what was loaded stays and is "
        "not loaded twice",
    ),
)
_UNKNOWN = "Snowflake refused a statement for the reason below: mend it there, then run again"


def snowflake_failure(doing: str, said: str) -> dg.Failure:
    """The failure of a step whose first line says what to do.

    Args:
        doing: what failed, such as `the raw load`.
        said: Snowflake's message, or that of a program that repeats it, without values of rows (`snowflake_words`).
    """
    return dg.Failure(f"{_remedy(said)}\n\n{doing} failed:\n{said}", allow_retries=False)


def _remedy(said: str) -> str:
    return next((remedy.text for remedy in _REMEDIES if re.search("|".join(remedy.signs), said)), _UNKNOWN)


@contextmanager
def explained_snowflake_failures(doing: str) -> Iterator[None]:
    """Let what Snowflake's connector raises in the block be a failure that says what to do.

    Raises:
        dagster.Failure: for any error of the connector.
    """
    # It imports most of the connector: only where that is used.
    from snowflake.connector.errors import Error  # noqa: PLC0415
    from snowflake.connector.vendored.requests.exceptions import RequestException  # noqa: PLC0415

    try:
        yield
    except (Error, RequestException) as error:
        # The connector's error, which may quote a row, would go to the event log as the cause.
        raise snowflake_failure(doing, snowflake_words(str(error))) from None
