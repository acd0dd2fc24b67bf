"""Why a job did not do its work, the first line what to do about it."""

import re
from typing import TYPE_CHECKING

from platform_runtime.marks.engine_words import spark_words

from databricks_delta.lakehouse.databricks.failures import failure
from databricks_delta.lakehouse.errors import EngineError, LakehouseError
from databricks_delta.spark_job.replacement import Replacement

if TYPE_CHECKING:
    from databricks.sdk.service.jobs import Run

_CONDITION = re.compile(r"\[[A-Z][A-Z0-9_.]+\]")
_SERVERLESS = "See that serverless jobs can run in the workspace, then materialise the periods again"
_BUDGET = (
    "Set DATABRICKS_BUDGET_POLICY_ID of this deployment, which the output `environment` of its Databricks stack names: "
    "the account takes no serverless job that it cannot tell the cost of"
)
_ENDED = {
    "CANCELED": "Materialise the periods again: somebody cancelled the job in Databricks",
    "TIMEDOUT": (
        "Replace fewer periods in a run, or raise the table's timeout_minutes in defs.yaml: the job took longer"
    ),
}


def run_failure(replaced: Replacement, run: "Run", last_words: str) -> LakehouseError:
    """What to do about a run that ended without success; it left the periods as they were, or replaced them whole.

    Args:
        replaced: what it was to do.
        run: its final state.
        last_words: what its task said of its end, if it said anything.
    """
    state = run.state
    ended = "" if state is None or state.result_state is None else state.result_state.value
    words = _telling(last_words or (state.state_message if state is not None else None) or "no reason given")
    about = f"{replaced}, job run {run.run_page_url}"
    if ended == "FAILED":
        # Its script, and so the statement that it sent: what is said of statements holds for this one.
        return failure(RuntimeError(words), about)
    # What the task says may be of rows; what the workspace says of the run is not.
    return EngineError(f"{_ENDED.get(ended, _SERVERLESS)}.\n{about}: {spark_words(words) if last_words else words}")


def refusal(replaced: Replacement, error: OSError, volume: str) -> LakehouseError:
    """What to do about a request that the workspace refused, or that did not reach it."""
    from databricks.sdk.errors import BadRequest, NotFound  # noqa: PLC0415 - a cloud client, not on the laptop

    match error:
        case NotFound():
            advice = f"Apply the infrastructure of this deployment, `make up STACK=<deployment>`: it makes {volume}"
        case BadRequest() if "budget" in str(error).lower():
            advice = _BUDGET
        case BadRequest():
            advice = _SERVERLESS
        case _:
            return failure(error, str(replaced))
    return EngineError(f"{advice}.\n{replaced}: {error}")


def _telling(words: str) -> str:
    """The line that names an error condition, as Spark does in front of a plan; else the last, as Python does."""
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    named = [line for line in lines if _CONDITION.search(line)]
    return (named or lines[-1:] or [""])[0]
