from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from arro3.core.types import ArrowStreamExportable


class ArrowStream:
    """Arrow data that DuckDB may read as often as it likes: every read opens it anew.

    DuckDB reads it by the Arrow C stream interface, without pyarrow's dataset reader, whose import costs a second and
    whose threads can outlive a query that stopped early.
    """

    def __init__(self, opened: "Callable[[], ArrowStreamExportable]") -> None:
        self._opened = opened

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """A stream from the start; the name and the default are the interface's."""
        return self._opened().__arrow_c_stream__(requested_schema)
