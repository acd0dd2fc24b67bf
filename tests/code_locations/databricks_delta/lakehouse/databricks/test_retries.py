from collections.abc import Callable

import pytest
from databricks_delta.lakehouse.databricks.retries import retried
from databricks_delta.lakehouse.databricks.warehouse_settings import WarehouseSettings
from databricks_delta.lakehouse.errors import EngineError, LakehouseError, TransientError

THREE = WarehouseSettings("c", "dev", 60, 60, attempts=3, retry_pause_seconds=0.001)


def _attempts(*outcomes: LakehouseError | str) -> tuple[Callable[[], str], list[int]]:
    """An attempt that ends in one way after the other, and the list of how often it was made."""
    made: list[int] = []

    def attempt() -> str:
        made.append(len(made))
        outcome = outcomes[made[-1]]
        if isinstance(outcome, LakehouseError):
            raise outcome
        return outcome

    return attempt, made


def test_what_passes_is_tried_again() -> None:
    attempt, made = _attempts(TransientError("a"), TransientError("b"), "done")
    assert (retried(THREE, attempt), len(made)) == ("done", 3)


def test_only_so_often() -> None:
    attempt, made = _attempts(TransientError("a"), TransientError("b"), TransientError("c"), "done")
    with pytest.raises(TransientError, match="c"):
        retried(THREE, attempt)
    assert len(made) == 3


@pytest.mark.parametrize("error", [EngineError("no"), LakehouseError("no")])
def test_what_does_not_pass_is_not_tried_again(error: LakehouseError) -> None:
    attempt, made = _attempts(error, "done")
    with pytest.raises(type(error)):
        retried(THREE, attempt)
    assert len(made) == 1
