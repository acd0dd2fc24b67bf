import random
import time
from collections.abc import Callable

import dagster as dg

from databricks_delta.lakehouse.databricks.warehouse_settings import WarehouseSettings
from databricks_delta.lakehouse.errors import TransientError

_LONGEST_PAUSE_SECONDS = 60.0


def retried[Result](settings: WarehouseSettings, attempt: Callable[[], Result]) -> Result:
    """What the attempt returns; one that fails for a reason that passes is made again, from its start, a few times.

    Every attempt must be one that may run twice: nobody knows whether the statement that failed was done.

    Raises:
        LakehouseError: what the last attempt raised, or the first one whose reason does not pass.
    """
    for number in range(1, settings.attempts):
        try:
            return attempt()
        except TransientError as error:
            pause = _pause(settings, number)
            dg.get_dagster_logger().warning(f"Attempt {number} of {settings.attempts}, next in {pause:.1f} s. {error}")
            time.sleep(pause)
    return attempt()


def _pause(settings: WarehouseSettings, number: int) -> float:
    pause = min(_LONGEST_PAUSE_SECONDS, settings.retry_pause_seconds * 2 ** (number - 1))
    return pause * random.uniform(0.5, 1.0)  # noqa: S311 - spreads writers out, keeps no secret
