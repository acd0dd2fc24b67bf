"""What becomes of jobs that share a concurrency group.

Rules: docs.github.com, "Control the concurrency of workflows and jobs". One job runs at a time. By default one more may
wait, and a newer one cancels it; with `queue: max` up to 100 wait, and run in the order in which they came.
"""

from collections.abc import Mapping, Sequence
from typing import Any

_LONGEST_QUEUE = 100


def evicted(arrivals: Sequence[tuple[str, Mapping[str, Any]]]) -> list[str]:
    """Which of the jobs of one group are cancelled while the first of them runs.

    Args:
        arrivals: each job's name and its `concurrency`, in the order in which they come.
    """
    (_, *later), cancelled = arrivals, []
    waiting: list[str] = []
    for name, concurrency in later:
        places = _LONGEST_QUEUE if concurrency.get("queue", "single") == "max" else 1
        assert not (places > 1 and concurrency.get("cancel-in-progress")), "GitHub refuses both at once"
        while len(waiting) >= places:
            cancelled.append(waiting.pop(0))
        waiting.append(name)
    return cancelled
