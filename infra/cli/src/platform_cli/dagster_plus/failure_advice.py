from collections.abc import Sequence
from typing import NamedTuple


class Advice(NamedTuple):
    """What the CLI prints when something has failed, and what a person can do then."""

    sign: str
    remedy: str


_NO_AGENT = "no agent answers for this deployment: start it, and let it serve the queue that dagster_cloud.yaml names"
_NOT_LOADED = "the locations named above do not load, by the errors above; correct them, then deploy again"
_NOT_STARTED = "the code servers did not start in time: look at the agent's log, most often an image cannot be pulled"
_NOT_VALID = "Dagster+ does not understand dagster_cloud.yaml, for the reason above; correct it"
_NOT_ALLOWED = "Dagster+ refuses the token in DAGSTER_CLOUD_API_TOKEN: make a new one with the right to do this"

ADVICE = (
    Advice("No Dagster Cloud agent is actively heartbeating", _NO_AGENT),
    Advice("Some locations failed to load", _NOT_LOADED),
    Advice("Timed out waiting for location data to update", _NOT_STARTED),
    Advice("InvalidLocationError", _NOT_VALID),
    Advice("401 Client Error", _NOT_ALLOWED),
    Advice("403 Client Error", _NOT_ALLOWED),
    Advice("UnauthorizedError", _NOT_ALLOWED),
)
_UNKNOWN = "the dagster-cloud CLI says why above"


def advice(lines: Sequence[str]) -> str:
    """What to do about a failure of the dagster-cloud CLI, by what it printed."""
    text = "\n".join(lines)
    return next((known.remedy for known in ADVICE if known.sign in text), _UNKNOWN)
