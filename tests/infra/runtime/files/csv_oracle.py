"""CSV read one character after the other, as RFC 4180 has it: slow, and nothing of the reader's in it."""

from enum import Enum, auto


class NotCsvError(ValueError):
    """The text is not CSV; the number is that of the record, the header 0."""

    def __init__(self, record: int) -> None:
        super().__init__(record)
        self.record = record


class _State(Enum):
    START = auto()
    PLAIN = auto()
    QUOTED = auto()
    CLOSED = auto()


def records(text: str, delimiter: str, quote: str) -> list[list[str]]:  # noqa: PLR0912 - the states of the grammar
    """The records of a text that are not blank, each of the width of the first."""
    found: list[list[str]] = []
    fields: list[str] = []
    field = ""
    state = _State.START
    position = 0
    if text and not text.endswith("\n"):
        text += "\n"
    while position < len(text):
        mark = text[position]
        position += 1
        if state is _State.QUOTED:
            if mark != quote:
                field += mark
            elif text[position : position + 1] == quote:
                field += quote
                position += 1
            else:
                state = _State.CLOSED
        elif mark == "\r" and text[position : position + 1] != "\n":
            raise NotCsvError(len(found))
        elif mark == "\n":
            if fields or field or state is not _State.START:
                fields.append(field)
                if found and len(fields) != len(found[0]):
                    raise NotCsvError(len(found))
                found.append(fields)
            fields, field, state = [], "", _State.START
        elif mark == delimiter:
            fields.append(field)
            field, state = "", _State.START
        elif mark == "\r":
            pass
        elif quote and mark == quote:
            if state is not _State.START:
                raise NotCsvError(len(found))
            state = _State.QUOTED
        elif state is _State.CLOSED:
            raise NotCsvError(len(found))
        else:
            field += mark
            state = _State.PLAIN
    if state is _State.QUOTED:
        raise NotCsvError(len(found))
    return found
