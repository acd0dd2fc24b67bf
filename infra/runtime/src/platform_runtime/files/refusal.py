from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file that landed is not taken, and what to do about it. No value of a row is ever in it.

    Attributes:
        file: its name below the folder of its source.
        place: where in it, such as `row 3 (line 4)` or `the header`; empty where the whole file is meant.
        fault: what is wrong.
        fix: what to do.
    """

    file: str
    place: str
    fault: str
    fix: str

    def __str__(self) -> str:
        return f"{self.file}{f', {self.place}' if self.place else ''}: {self.fault}; {self.fix}"

    @property
    def reason(self) -> str:
        """All but the file's name."""
        return f"{f'{self.place}: ' if self.place else ''}{self.fault}; {self.fix}"


class RefusedFileError(ValueError):
    """A landed file is not taken; the message names the file, the row or column and the fix."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(str(refusal))
        self.refusal = refusal


class RefusedFilesError(ValueError):
    """Landed files that were not taken; every other one is in."""

    def __init__(self, location: str, refused: Iterable[Refusal]) -> None:
        listed = "".join(f"\n  {refusal}" for refusal in refused)
        super().__init__(
            f"in {location} some files were refused, all others are loaded; mend these and load again:{listed}"
        )


class Fault(Exception):  # noqa: N818 - a part of a refusal, which the reader completes
    """What is wrong with a file, before it is known which file it is."""

    def __init__(self, place: str, fault: str, fix: str) -> None:
        super().__init__(place, fault, fix)
        self.place = place
        self.fault = fault
        self.fix = fix

    def of(self, file: str) -> RefusedFileError:
        """The refusal of a file."""
        return RefusedFileError(Refusal(file, self.place, self.fault, self.fix))

    def after(self, rows: int) -> "Fault":
        """The same, with how far the file could be read where no better place is known."""
        return self if self.place or not rows else Fault(f"after row {rows}", self.fault, self.fix)


def row_place(row: int, line: int) -> str:
    """Where a row stands: rows count from 1 after the header, lines as an editor counts them."""
    return f"row {row} (line {line})" if row else "the header"
