from pathlib import Path

from platform_runtime.lakehouse.declaration import DeclarationError, nearest


def read_sql(declaration: Path, key: str, file: str) -> str:
    """The text of a SQL file beside a `defs.yaml`.

    Args:
        declaration: the `defs.yaml`.
        key: where in it the file is named.
        file: the file's name.

    Raises:
        DeclarationError: when there is no such file, or it is none beside the declaration.
    """
    path = declaration.parent / file
    if path.parent != declaration.parent or not path.is_file():
        beside = tuple(sorted(found.name for found in declaration.parent.glob("*.sql")))
        raise DeclarationError(
            f"{declaration}: {key}: there is no SQL file {file!r} beside it{nearest(file, beside)}; "
            f"write it, or name one of those that are there: {', '.join(beside) or 'none'}"
        )
    return path.read_text(encoding="utf-8")
