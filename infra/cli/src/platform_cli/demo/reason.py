from collections.abc import Iterator

from dagster_shared.error import SerializableErrorInfo


def reason(error: SerializableErrorInfo) -> str:
    """Why something failed, in the words of the code that failed: Dagster's wrapping says only that a step did."""
    return "\ncaused by ".join(message.strip() for message in _messages(error))


def _messages(error: SerializableErrorInfo | None) -> Iterator[str]:
    while error is not None:
        if error.cause is None or not (error.cls_name or "").startswith("Dagster"):
            yield error.message
        error = error.cause
