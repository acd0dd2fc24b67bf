"""fakesnow's application, with three faults of its own mended where every request of a statement passes."""

import asyncio
import json
from contextlib import nullcontext
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tests.fakes.snowflake.late_transactions import notes_in_the_catalogue

_QUERY = "/queries/v1/query-request"
_NUMBER = "FIXED"


class FakesnowApplication:
    """An ASGI application that takes numbers with decimal places as parameters, merges, and says what it cannot do.

    fakesnow reads every number among the parameters as a whole one, and ends a request that it fails over without a
    word, which a client would send again for minutes. Every MERGE notes the same name in the same table of its own, and
    every CREATE its columns, so that of two at once in one schema the second fails: they take turns here.
    """

    def __init__(self, fakesnow: ASGIApp) -> None:
        self._fakesnow = fakesnow
        self._noting = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"] != _QUERY:
            await self._fakesnow(scope, receive, send)
            return
        content = json.loads(await Request(scope, receive).body())
        answer: list[Message] = []

        async def keep(message: Message) -> None:
            answer.append(message)

        try:
            async with self._noting if notes_in_the_catalogue(content["sqlText"]) else nullcontext():
                await self._fakesnow(scope, _body(content | _readable(content)), keep)
        except Exception as error:  # noqa: BLE001 - whatever it is, the client shall hear of it
            await JSONResponse({"message": f"{type(error).__name__}: {error}"}, 500)(scope, receive, send)
            return
        for message in answer:
            await send(message)


def _readable(content: dict[str, Any]) -> dict[str, Any]:
    """The parameters, decimals among them as text, which the engine makes numbers of again."""
    bindings: dict[str, dict[str, Any]] = content.get("bindings") or {}
    return {"bindings": {name: _as_text(one) if _has_places(one) else one for name, one in bindings.items()}}


def _has_places(binding: dict[str, Any]) -> bool:
    values = binding["value"] if isinstance(binding["value"], list) else [binding["value"]]
    return binding["type"] == _NUMBER and any("." in str(value) for value in values)


def _as_text(binding: dict[str, Any]) -> dict[str, Any]:
    return {**binding, "type": "TEXT"}


def _body(content: dict[str, Any]) -> Receive:
    async def receive() -> Message:
        return {"type": "http.request", "body": json.dumps(content).encode(), "more_body": False}

    return receive
