import difflib
from collections.abc import Sequence

from platform_runtime.files.refusal import Fault


def check_columns(place: str, found: Sequence[str], columns: Sequence[str], delimiter: str) -> None:
    """See that a file has each declared column once and no other, in any order.

    Args:
        place: where they stand, such as `the header`.
        found: what stands there.
        columns: what is declared.
        delimiter: what should part them; empty where nothing does.

    Raises:
        Fault: naming declared columns and numbers, never what stands there: without a header that is a row.
    """
    faults = [
        *(f"column {name!r} is missing" for name in columns if name not in found),
        *(_unexpected(number, found, columns) for number, name in enumerate(found) if name not in columns),
        *(f"column {name!r} is there twice" for name in columns if found.count(name) > 1),
    ]
    if faults:
        fix = f"send it with exactly the columns {', '.join(columns)}, or declare the change in defs.yaml"
        raise Fault(place, "; ".join(faults), _other_delimiter(found, delimiter) + fix)


def _unexpected(number: int, found: Sequence[str], columns: Sequence[str]) -> str:
    lacking = [column for column in columns if column not in found]
    strange = [name for name in found if name not in columns]
    one_for_one = len(lacking) == len(strange) == 1
    near = lacking if one_for_one else difflib.get_close_matches(found[number][:200], lacking, n=1)
    return f"column number {number + 1} is unexpected{f', was {near[0]!r} renamed?' if near else ''}"


def _other_delimiter(found: Sequence[str], delimiter: str) -> str:
    if not delimiter or len(found) > 1:
        return ""
    other = next((mark for mark in ",;\t|" if mark != delimiter and mark in "".join(found)), "")
    return f"declare the delimiter {other!r} if that is what parts its fields, or " if other else ""
