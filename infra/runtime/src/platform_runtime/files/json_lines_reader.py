import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NoReturn

from platform_runtime.files.csv_structure import LARGEST_ROW_BYTES
from platform_runtime.files.refusal import Fault, row_place
from platform_runtime.files.text_blocks import utf8_blocks

if TYPE_CHECKING:
    import pyarrow as pa

type _Json = Mapping[str, "_Json"] | list["_Json"] | str | _Number | bool | None

_HALF = re.compile("[\ud800-\udfff]")
_ONE_OBJECT = "write one JSON object a line and land the file again"
_EMPTY = ("the file is empty", "land it again with its rows, or take it away")


class _Number(str):
    """A number as it stands in the file: no digit is lost, and none is added."""

    __slots__ = ()


class _NotJsonError(ValueError):
    """What Python would read and JSON does not know, or what cannot be told apart."""


def json_lines_batches(blocks: Iterator[bytes], columns: Sequence[str]) -> Iterator["pa.RecordBatch"]:
    """The rows of a file of JSON lines as text, a column that an object lacks null.

    Args:
        blocks: the file, unpacked.
        columns: the names that its objects may have.

    Raises:
        Fault: when any of it is not in order; what was given until then is to be thrown away.
    """
    rows = 0
    lines = 0
    try:
        for block in _whole_lines(utf8_blocks(blocks, "utf-8")):
            objects: list[list[str | None]] = []
            for number, line in enumerate(block.split(b"\n")[:-1], start=1):
                if line.strip():
                    objects.append(_row(line, columns, row_place(rows + len(objects) + 1, lines + number)))
            rows += len(objects)
            lines += block.count(b"\n")
            if objects:
                yield _batch(objects, columns)
    except Fault as fault:
        raise fault.after(rows) from None
    if not rows:
        raise Fault("", *_EMPTY)


def json_text(value: _Json) -> str:
    """A value as JSON, its numbers as they stood."""
    if isinstance(value, _Number):
        return str(value)
    if isinstance(value, Mapping):
        return (
            "{"
            + ",".join(f"{json.dumps(name, ensure_ascii=False)}:{json_text(of)}" for name, of in value.items())
            + "}"
        )
    if isinstance(value, list):
        return "[" + ",".join(map(json_text, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def _whole_lines(blocks: Iterator[bytes]) -> Iterator[bytes]:
    rest = b""
    for block in blocks:
        whole, end, rest = (rest + block).rpartition(b"\n")
        if end:
            yield whole + end
        if len(rest) > LARGEST_ROW_BYTES:
            raise Fault("", f"the next line is longer than {LARGEST_ROW_BYTES >> 20} MiB", _ONE_OBJECT)
    if rest:
        yield rest + b"\n"


def _row(line: bytes, columns: Sequence[str], place: str) -> list[str | None]:
    value = _object(line, columns, place)
    row = [_text(value.get(column)) for column in columns]
    if any(text is not None and not text.isascii() and _HALF.search(text) for text in row):
        raise Fault(place, "holds half a character (a surrogate alone)", _ONE_OBJECT)
    return row


def _object(line: bytes, columns: Sequence[str], place: str) -> Mapping[str, _Json]:
    if len(line) > LARGEST_ROW_BYTES:
        raise Fault(
            place, f"is longer than {LARGEST_ROW_BYTES >> 20} MiB", "split what it holds and land the file again"
        )
    try:
        value = _DECODER.decode(line.decode())
    except UnicodeDecodeError as error:
        fault = f"is not UTF-8 (byte 0x{line[error.start]:02x})"
        raise Fault(place, fault, "save the file as UTF-8 and land it again") from None
    except _NotJsonError as error:
        raise Fault(place, str(error), _ONE_OBJECT) from None
    except (json.JSONDecodeError, RecursionError):
        raise Fault(place, "is not one whole JSON value", _ONE_OBJECT) from None
    if not isinstance(value, Mapping):
        raise Fault(place, "is JSON, but no object", _ONE_OBJECT)
    _check_names(value, columns, place)
    return value


def _check_names(value: Mapping[str, _Json], columns: Sequence[str], place: str) -> None:
    for number, name in enumerate(value, start=1):
        if name not in columns:
            fix = f"send the columns {', '.join(columns)} alone, or declare the change in defs.yaml"
            raise Fault(place, f"its name number {number} is unexpected", fix)


def _batch(rows: list[list[str | None]], columns: Sequence[str]) -> "pa.RecordBatch":
    import pyarrow as pa  # noqa: PLC0415 - a third of a second, only where there is something to read

    values = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    return pa.RecordBatch.from_arrays(values, list(columns))


def _text(value: _Json) -> str | None:
    if value is None:
        return None
    return str(value) if isinstance(value, str) else json_text(value)


def _unique_names(pairs: list[tuple[str, _Json]]) -> dict[str, _Json]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise _NotJsonError("has a name twice in one object")
    return value


def _no_constant(constant: str) -> NoReturn:
    raise _NotJsonError(f"holds {constant}, which is no JSON")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_unique_names, parse_float=_Number, parse_int=_Number, parse_constant=_no_constant
)
