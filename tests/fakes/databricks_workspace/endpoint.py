import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, its body read whole; `path` is decoded, `query` holds the first value of each name."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Response:
    """What goes back over HTTP."""

    status: int
    body: bytes
    content_type: str = "application/octet-stream"
    headers: Mapping[str, str] = field(default_factory=dict)


class CutConnectionError(Exception):
    """Raised by an endpoint to have the connection closed with nothing sent back."""


class Endpoint(ABC):
    """One service of the workspace, by the paths it answers."""

    prefix: str
    needs_token: bool = True

    @abstractmethod
    def answer(self, request: Request) -> Response:
        """Answer a request whose path starts with `prefix`."""


def json_response(content: object) -> Response:
    """A successful answer of the REST interface."""
    return Response(200, json.dumps(content).encode(), "application/json")


def error_response(status: int, code: str, message: str) -> Response:
    """A refusal as the REST interface words it; the SQL client reads the same message from a header."""
    body = json.dumps({"error_code": code, "message": message}).encode()
    return Response(status, body, "application/json", {"x-databricks-reason-phrase": message})
