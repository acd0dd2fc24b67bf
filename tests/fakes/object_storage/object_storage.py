import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from platform_contract.local_paths import checkout

from tests.fakes.object_storage.credentials import ACCESS_KEY_ID, SECRET_ACCESS_KEY

_STOP_SECONDS = 10


@dataclass(frozen=True, slots=True)
class ObjectStorage:
    """Running object storage with one bucket."""

    bucket: str
    port: int

    @property
    def environment(self) -> dict[str, str]:
        """What a process has in its environment that finds this, and no real object storage."""
        return {
            "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
            "AWS_ALLOW_HTTP": "true",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_REGION": "eu-west-1",
            "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
        }


@contextmanager
def object_storage(bucket: str) -> Iterator[ObjectStorage]:
    """Object storage with one empty bucket, until the block is left.

    It is a process of its own: delta-rs asks for objects without letting go of Python's lock, so that a server in the
    same process could never answer.
    """
    command = [sys.executable, "-m", "tests.fakes.object_storage.s3_server", bucket]
    process = subprocess.Popen(command, cwd=checkout(Path(__file__)), stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield ObjectStorage(bucket, int(process.stdout.readline()))
    finally:
        process.terminate()
        process.communicate(timeout=_STOP_SECONDS)
