"""Keys of a cloud's key management, for the state of stacks: AWS KMS as far as Pulumi's `awskms://` uses it.

Wire protocol: docs.aws.amazon.com/kms/latest/APIReference, Encrypt and Decrypt (JSON 1.1, `X-Amz-Target`).
"""

import base64
import json
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.http_server import StandInHandler, StandInServer, serving

_SERVICE = "TrentService."
_ACCESS_KEY = "AKIAIOSFODNN7EXAMPLE"
_REGION = "eu-west-1"

SECRET_ACCESS_KEY = "secret-of-the-role-that-may-use-the-key"  # noqa: S105 - of the tests alone


@dataclass(slots=True)
class KeyManagement:
    """What an account's key management knows: aliases of keys, and what has been encrypted under which."""

    aliases: frozenset[str]
    url: str = ""
    used: list[str] = field(default_factory=list)
    _sealed: dict[str, tuple[str, str]] = field(default_factory=dict)

    def variables(self) -> dict[str, str]:
        """What somebody finds in the environment whose role may use the keys."""
        return {
            "AWS_ACCESS_KEY_ID": _ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
            "AWS_REGION": _REGION,
            "AWS_ENDPOINT_URL_KMS": self.url,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def answer(self, operation: str, authorization: str, asked: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        """What a request is answered: status and content."""
        if f"Credential={_ACCESS_KEY}/" not in authorization:
            return 400, {"__type": "UnrecognizedClientException", "message": "the request is signed by nobody known"}
        self.used.append(operation)
        if operation == "Encrypt":
            return self._encrypt(asked)
        if operation == "Decrypt":
            return self._decrypt(asked)
        return 400, {"__type": "UnknownOperationException"}

    def _encrypt(self, asked: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        alias = asked["KeyId"]
        if alias not in self.aliases:
            return 400, {"__type": "NotFoundException", "message": f"Alias {alias} is not found."}
        blob = base64.b64encode(secrets.token_bytes(64)).decode()
        self._sealed[blob] = (alias, asked["Plaintext"])
        return 200, {"CiphertextBlob": blob, "KeyId": alias}

    def _decrypt(self, asked: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        blob = asked["CiphertextBlob"]
        if blob not in self._sealed:
            return 400, {"__type": "InvalidCiphertextException"}
        alias, plain = self._sealed[blob]
        return 200, {"Plaintext": plain, "KeyId": alias}


class _Handler(StandInHandler):
    keys: KeyManagement

    def do_POST(self) -> None:  # noqa: N802 - the name is the base class's
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        operation = self.headers["X-Amz-Target"].removeprefix(_SERVICE)
        status, content = self.keys.answer(operation, self.headers.get("Authorization", ""), asked)
        self.send_answer(status, {"Content-Type": "application/x-amz-json-1.1"}, json.dumps(content).encode())


@contextmanager
def key_management(*aliases: str) -> Iterator[KeyManagement]:
    """An account's keys, until the block is left.

    Args:
        aliases: the keys that there are, as `alias/<name>`.
    """
    keys = KeyManagement(frozenset(aliases))
    server = StandInServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"keys": keys}))
    keys.url = f"http://127.0.0.1:{server.server_address[1]}"
    with serving(server, "key management"):
        yield keys
