import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path

from platform_contract.local_paths import checkout

from tests.fakes.object_storage.credentials import ACCESS_KEY_ID, SECRET_ACCESS_KEY

_ANSWER_SECONDS = 10
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

    def put(self, key: str, content: bytes) -> None:
        """Put an object there, now."""
        self._ask("PUT", f"/{urllib.parse.quote(key)}", content)

    def date(self, prefix: str, moment: int) -> None:
        """Let the objects whose keys begin with a prefix have been put there at a moment, seconds since the epoch."""
        self._ask("POST", f"?{urllib.parse.urlencode({'stand-in-date': moment, 'prefix': prefix})}", b"")

    def _ask(self, method: str, rest: str, body: bytes) -> None:
        headers = {"Authorization": f"AWS4-HMAC-SHA256 Credential={ACCESS_KEY_ID}/"}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=_ANSWER_SECONDS)
        with closing(connection):
            connection.request(method, f"/{self.bucket}{rest}", body, headers)
            answer = connection.getresponse()
            assert answer.status < HTTPStatus.BAD_REQUEST, answer.read()


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
        # It keeps nothing, and a shell that runs the tests in the background has it ignore what asks it to end.
        process.kill()
        process.communicate(timeout=_STOP_SECONDS)
