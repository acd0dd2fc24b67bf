from collections.abc import Callable, Iterator
from contextlib import contextmanager

import fakesnow.arrow
import pyarrow as pa

type Convert = Callable[[pa.Array | pa.ChunkedArray], pa.StructArray]


@contextmanager
def null_timestamps() -> Iterator[None]:
    """Have fakesnow hand out a timestamp that is null as null: it makes the first second of 1970 of it."""
    convert = fakesnow.arrow.timestamp_to_sf_struct
    fakesnow.arrow.timestamp_to_sf_struct = _with_nulls(convert)
    try:
        yield
    finally:
        fakesnow.arrow.timestamp_to_sf_struct = convert


def _with_nulls(convert: Convert) -> Convert:
    def converted(timestamps: pa.Array | pa.ChunkedArray) -> pa.StructArray:
        parts = convert(timestamps)
        whole = timestamps.combine_chunks() if isinstance(timestamps, pa.ChunkedArray) else timestamps
        present = [child.fill_null(0) for child in parts.flatten()]
        return pa.StructArray.from_arrays(present, fields=list(parts.type), mask=whole.is_null())

    return converted
