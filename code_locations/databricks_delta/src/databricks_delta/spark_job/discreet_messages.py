from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, override

from dagster._core.pipes.context import PipesMessageHandler
from dagster._core.pipes.utils import _ChildMessageHandler
from dagster_databricks.pipes import PipesUnityCatalogVolumesMessageReader
from dagster_pipes import PipesMessage, PipesParams
from platform_runtime.marks.engine_words import spark_words


class DiscreetMessageReader(PipesUnityCatalogVolumesMessageReader):
    """Reads what a job says by Pipes; the exception that it ends with comes without the values of rows in it."""

    @override
    @contextmanager
    def read_messages(self, handler: PipesMessageHandler) -> Iterator[PipesParams]:
        discreet = _DiscreetHandler(handler, self)
        with super().read_messages(discreet) as params:  # pyright: ignore[reportArgumentType]
            yield params


class _DiscreetHandler(_ChildMessageHandler):
    @override
    def handle_message(self, message: PipesMessage) -> None:
        params = message["params"]
        if message["method"] == "closed" and params and "exception" in params:
            params = {**params, "exception": _discreet(params["exception"])}
            message = PipesMessage({**message, "params": params})
        self._handler.handle_message(message)


def _discreet(exception: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """An exception as Pipes carries it, with those that it came from."""
    if exception is None:
        return None
    others = {other: _discreet(exception.get(other)) for other in ("cause", "context")}
    return {**exception, "message": spark_words(str(exception["message"])), **others}
