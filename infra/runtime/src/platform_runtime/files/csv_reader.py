from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from platform_runtime.files.columns import check_columns
from platform_runtime.files.csv_structure import CsvStructure
from platform_runtime.files.file_format import CsvFormat
from platform_runtime.files.refusal import Fault
from platform_runtime.files.text_blocks import utf8_blocks

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.csv

_EMPTY = ("the file is empty", "land it again with its header and rows, or take it away")
_NO_ROW = ("the file has a header and no row", "land it again with its rows, or take it away")


def csv_batches(blocks: Iterator[bytes], csv: CsvFormat, columns: Sequence[str]) -> Iterator["pa.RecordBatch"]:
    """The rows of a CSV file as text, the columns in the declared order.

    Args:
        blocks: the file, unpacked.
        csv: its dialect.
        columns: what its header names, in any order.

    Raises:
        Fault: when any of it is not in order; what was given until then is to be thrown away.
    """
    structure = CsvStructure(csv)
    try:
        yield from _batches(_records(utf8_blocks(blocks, csv.encoding), structure), csv, columns)
    except Fault as fault:
        raise fault.after(structure.rows) from None
    if not structure.rows:
        raise Fault("", *_NO_ROW)


def csv_header(blocks: Iterator[bytes], csv: CsvFormat) -> tuple[str, ...]:
    """The names in the header of a file that `csv_batches` accepts, in the file's own order."""
    return tuple(_header(next(_records(utf8_blocks(blocks, csv.encoding), CsvStructure(csv))), csv))


def _batches(records: Iterator[bytes], csv: CsvFormat, columns: Sequence[str]) -> Iterator["pa.RecordBatch"]:
    first = next(records, None)
    if first is None:
        raise Fault("", *_EMPTY)
    header = _header(first, csv)
    check_columns("the header", header, columns, csv.delimiter)
    for block in records:
        yield _with_points(_parsed(block, csv, header).select(list(columns)), csv.decimal_comma)


def _with_points(batch: "pa.RecordBatch", columns: Sequence[str]) -> "pa.RecordBatch":
    for name in columns:
        at = batch.schema.get_field_index(name)
        batch = batch.set_column(at, name, _comma_for_point(batch.column(at)))
    return batch


def _comma_for_point(values: "pa.Array") -> "pa.Array":
    """The texts with comma and point in each other's place."""
    import pyarrow as pa  # noqa: PLC0415 - as below
    import pyarrow.compute as pc  # noqa: PLC0415

    between_points = pc.split_pattern(values, ".")  # pyright: ignore[reportAttributeAccessIssue]
    parts = pc.replace_substring(between_points.values, ",", ".")  # pyright: ignore[reportAttributeAccessIssue]
    lists = pa.ListArray.from_arrays(between_points.offsets, parts, mask=between_points.is_null())
    return pc.binary_join(lists, ",")  # pyright: ignore[reportAttributeAccessIssue]


def _records(blocks: Iterator[bytes], structure: CsvStructure) -> Iterator[bytes]:
    """The header alone, then whole records, about a block at a time."""
    rest = b""
    only_first = True
    for block in blocks:
        rest += block
        while size := structure.whole_records(rest, only_first=only_first, last=False):
            whole, rest = rest[:size], rest[size:]
            if not _is_blank(whole):
                only_first = False
                yield whole
    yield from _last_records(rest, structure, only_first=only_first)


def _last_records(rest: bytes, structure: CsvStructure, *, only_first: bool) -> Iterator[bytes]:
    if not rest:
        return
    ended = rest + b"\n"
    size = structure.whole_records(ended, only_first=only_first, last=True)
    if not _is_blank(ended[:size]):
        yield ended[:size]


def _is_blank(records: bytes) -> bool:
    return not records.lstrip(b"\r\n") if records[:1] in b"\r\n" else False


def _header(record: bytes, csv: CsvFormat) -> list[str]:
    (row,) = _table(record, csv, None).to_pylist()
    return list(row.values())


def _parsed(records: bytes, csv: CsvFormat, header: Sequence[str]) -> "pa.RecordBatch":
    (batch,) = _table(records, csv, header).combine_chunks().to_batches()
    return batch


def _table(records: bytes, csv: CsvFormat, header: Sequence[str] | None) -> "pa.Table":
    import pyarrow as pa  # noqa: PLC0415 - a third of a second, only where there is something to read
    import pyarrow.csv  # noqa: PLC0415

    # One block: what stands across the border of two, pyarrow reads otherwise.
    names = {"autogenerate_column_names": True} if header is None else {"column_names": list(header)}
    return pyarrow.csv.read_csv(
        pa.py_buffer(records),
        pyarrow.csv.ReadOptions(use_threads=False, block_size=len(records) + 1, **names),
        pyarrow.csv.ParseOptions(
            delimiter=csv.delimiter,
            quote_char=csv.quote or False,
            double_quote=True,
            escape_char=False,
            newlines_in_values=True,
        ),
        _text_columns(csv, header),
    )


def _text_columns(csv: CsvFormat, header: Sequence[str] | None) -> "pyarrow.csv.ConvertOptions":
    import pyarrow as pa  # noqa: PLC0415 - as above
    import pyarrow.csv  # noqa: PLC0415

    if header is None:
        return pyarrow.csv.ConvertOptions(default_column_type=pa.string(), strings_can_be_null=False)
    return pyarrow.csv.ConvertOptions(
        column_types=dict.fromkeys(header, pa.string()),
        check_utf8=False,
        strings_can_be_null=bool(csv.null_tokens),
        quoted_strings_can_be_null=True,
        null_values=list(csv.null_tokens),
    )
