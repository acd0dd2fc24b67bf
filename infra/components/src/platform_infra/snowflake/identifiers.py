import re

_PART = re.compile(r'"(?:[^"]|"")*"|[^."]+')


def quoted(*parts: str) -> str:
    """An identifier as Snowflake shows it and the provider compares it: `"RAW"."LOADS"`."""
    return ".".join(f'"{part}"' for part in parts)


def identifier_parts(identifier: str) -> list[str]:
    """The parts of an identifier as the catalog stores them: unquoted ones folded to upper case, quotes dropped."""
    return [_stored(part) for part in _PART.findall(identifier)]


def _stored(part: str) -> str:
    return part[1:-1].replace('""', '"') if part.startswith('"') else part.upper()
