"""Snowflake identifiers as its Pulumi provider treats them.

The provider puts every identifier between double quotes, so case is kept: `name="analytics"` makes a database that SQL
written without quotes, folded to ANALYTICS, never finds. A role at sign-in is not quoted, so that one is folded.
"""

import re

from tests.fakes.pulumi_provider.refusal import CloudError

_PART = re.compile(r'"((?:[^"]|"")*)"|([^".]+)')


def split_identifier(text: str) -> tuple[str, ...]:
    """`"A"."b"` or `A.b` → `("A", "b")`: quotes go, case stays.

    Raises:
        CloudError: when the text is no identifier.
    """
    parts: list[str] = []
    position = 0
    while position <= len(text):
        matched = _PART.match(text, position)
        if matched is None or (matched.end() < len(text) and text[matched.end()] != "."):
            raise CloudError(f"{text!r} is not an identifier")
        quoted, plain = matched.groups()
        parts.append(plain if quoted is None else quoted.replace('""', '"'))
        position = matched.end() + 1
    return tuple(parts)


def quoted(*parts: str) -> str:
    """`("A", "b")` → `"A"."b"`: the fully qualified name, and the id of most resources."""
    return ".".join('"' + part.replace('"', '""') + '"' for part in parts)


def requote(text: str) -> str:
    """Any spelling of an identifier → its fully quoted one."""
    return quoted(*split_identifier(text))


def folded(name: str) -> str:
    """A name as SQL without quotes means it."""
    return name.upper()
