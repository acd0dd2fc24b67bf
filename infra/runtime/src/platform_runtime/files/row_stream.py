"""The rows of a file on their way into an engine."""

from collections.abc import Callable, Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING

from platform_runtime.files.refusal import RefusedFileError

if TYPE_CHECKING:
    import pyarrow as pa


class RowStream:
    """Rows that an engine takes piece by piece, by the Arrow C stream interface, once.

    Attributes:
        rows: how many it has taken.
        refused: what ended the stream before its end; the engine tells it in words of its own.
    """

    def __init__(self, batches: Iterator["pa.RecordBatch"]) -> None:
        # The columns are known once there is a piece.
        first = next(batches)
        self.schema = first.schema
        self.rows = 0
        self.refused: RefusedFileError | None = None
        self._batches = chain([first], batches)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The stream; the name and the default are the interface's."""
        import pyarrow as pa  # noqa: PLC0415 - a third of a second, only where there is something to read

        reader = pa.RecordBatchReader.from_batches(self.schema, self._taken())
        return reader.__arrow_c_stream__(requested_schema)

    def _taken(self) -> Iterator["pa.RecordBatch"]:
        try:
            for batch in self._batches:
                self.rows += batch.num_rows
                yield batch
        except RefusedFileError as error:
            self.refused = error
            raise


def take_rows[Result](batches: Iterator["pa.RecordBatch"], take: Callable[[RowStream], Result]) -> Result:
    """What an engine makes of the rows of a file.

    Args:
        batches: the rows.
        take: lets the engine take them, all or none.

    Raises:
        RefusedFileError: when the file is not as it should be, whatever the engine has made of that.
    """
    stream = RowStream(batches)
    try:
        return take(stream)
    except Exception:
        if stream.refused is None:
            raise
    # Outside of the handler: as its context, what the engine says would go to the event log.
    raise stream.refused


def stamped(
    batches: Iterator["pa.RecordBatch"], constants: Mapping[str, "pa.Scalar"], counted: Mapping[str, int]
) -> Iterator["pa.RecordBatch"]:
    """The rows with where they come from.

    Args:
        batches: the rows.
        constants: columns that every row has alike, added in their order.
        counted: columns that count the rows, added after those, by the number of the first row.
    """
    import numpy as np  # noqa: PLC0415 - a third of a second, only where there is something to read
    import pyarrow as pa  # noqa: PLC0415

    rows = 0
    for batch in batches:
        alike = [pa.repeat(value, batch.num_rows) for value in constants.values()]
        places = np.arange(rows, rows + batch.num_rows, dtype=np.int64)
        numbers = [pa.array(places + first) for first in counted.values()]
        rows += batch.num_rows
        names = [*batch.schema.names, *constants, *counted]
        yield pa.RecordBatch.from_arrays([*batch.columns, *alike, *numbers], names=names)
