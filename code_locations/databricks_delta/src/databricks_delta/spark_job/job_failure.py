"""Why a job did not do its work, the first line what to do about it."""

from typing import TYPE_CHECKING

from databricks_delta.spark_job.replacement import Replacement

if TYPE_CHECKING:
    from databricks.sdk.errors.base import DatabricksError
    from databricks.sdk.service.jobs import Run

_UNTOUCHED = "The months are as they were, or replaced whole."
_DENIED = ("INSUFFICIENT_PERMISSIONS", "INSUFFICIENT_PRIVILEGES", "PERMISSION_DENIED", "SQLSTATE: 42501")
_GRANT = (
    "Grant what is missing by infrastructure, never by hand: `make permissions STACK=<deployment>` lists who may do "
    "what, and `make up STACK=<deployment>` applies it"
)


def run_failure(replaced: Replacement, run: "Run", last_words: str) -> str:
    """What to do about a run that ended without success.

    Args:
        replaced: what it was to do.
        run: its final state.
        last_words: what its task said of its end, if it said anything.
    """
    state = run.state
    ended = "" if state is None or state.result_state is None else state.result_state.value
    words = last_words or (state.state_message if state is not None else None) or "no reason given"
    return f"{_advice(ended, words)}.\n{replaced}: {_last_line(words)}\n{_UNTOUCHED} The run: {run.run_page_url}"


def refusal(replaced: Replacement, error: "DatabricksError", volume: str) -> str:
    """What to do about a request that Databricks refused."""
    return f"{_advice_on_refusal(error, volume)}.\n{replaced}: {_last_line(str(error))}\n{_UNTOUCHED}"


def _advice(ended: str, words: str) -> str:
    if any(sign in words for sign in _DENIED):
        return _GRANT
    match ended:
        case "TIMEDOUT":
            return (
                "Replace fewer months in a run, or raise timeout_minutes of the table in defs.yaml: the job took longer"
            )
        case "CANCELED":
            return "Materialise the months again: somebody cancelled the job in Databricks"
        case "FAILED":
            return "Correct what made the job fail, then materialise the months again"
        case _:
            return "See that serverless jobs can run in the workspace, then materialise the months again"


def _advice_on_refusal(error: "DatabricksError", volume: str) -> str:
    from databricks.sdk.errors import NotFound, PermissionDenied, Unauthenticated  # noqa: PLC0415 - a cloud client

    match error:
        case Unauthenticated():
            return (
                "Renew the credential of this deployment, DATABRICKS_TOKEN, or DATABRICKS_CLIENT_ID and "
                "DATABRICKS_CLIENT_SECRET: Databricks does not accept it"
            )
        case PermissionDenied():
            return _GRANT
        case NotFound():
            return f"Apply the infrastructure of this deployment, `make up STACK=<deployment>`: it makes {volume}"
        case _:
            return "Run it again; if it fails again, look at the state of the workspace"


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else ""
