import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from platform_contract.errors import ContractError


@contextmanager
def one_at_a_time(lock_file: Path) -> Iterator[None]:
    """Hold a deployment's demo for this process; the lock goes with the process, however that ends.

    Raises:
        ContractError: while another demo of the same deployment runs.
    """
    with lock_file.open("w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ContractError(
                f"another demo of this deployment is running ({lock_file} is held): wait until it ends, "
                "or set PLATFORM_DEPLOYMENT=pr-<n> for a copy beside it"
            ) from None
        yield
