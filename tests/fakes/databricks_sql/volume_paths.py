"""Files of volumes that a query reads by path."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlglot.tokenizer_core import Token, TokenType

from tests.fakes.databricks_sql.catalog_names import FILE_FORMATS
from tests.fakes.databricks_sql.sql_error import insufficient_privilege
from tests.fakes.databricks_sql.sql_text import Edit, length, quote_name, quote_text, read_chain, tokenize
from tests.fakes.databricks_sql.unity_names import VOLUMES, UnityNames


def volume_edits(sql: str, unity: UnityNames) -> list[Edit]:
    """What to change so that Spark reads ``csv.`/Volumes/…` `` from the folder that stands for the volume.

    Raises:
        SqlError: for a volume that nobody declared, and for a path outside volumes.
    """
    tokens = tokenize(sql)
    return [*_relation_edits(tokens, unity), *_metadata_edits(sql, tokens, unity)]


def _relation_edits(tokens: Sequence[Token], unity: UnityNames) -> Iterator[Edit]:
    for form, dot, path in zip(tokens, tokens[1:], tokens[2:], strict=False):
        is_file = dot.token_type is TokenType.DOT and path.token_type is TokenType.IDENTIFIER
        if is_file and form.text.lower() in FILE_FORMATS and "/" in path.text:
            yield Edit(path.start, path.end, quote_name(str(require_volume_path(path.text, unity))))


def require_volume_path(path: str, unity: UnityNames) -> Path:
    """The local file or folder of a path of a volume.

    Raises:
        SqlError: when nobody declared the volume, and for every path outside volumes.
    """
    local = unity.local_path(path)
    if local is None:
        raise insufficient_privilege("SELECT", f"any file: {path} is in no volume")
    return local


def _metadata_edits(sql: str, tokens: Sequence[Token], unity: UnityNames) -> Iterator[Edit]:
    index = 0
    while index < len(tokens):
        chain = read_chain(tokens, index)
        if [token.text.lower() for token in chain[-2:]] == ["_metadata", "file_path"]:
            start, end = chain[0].start, chain[-1].end
            yield Edit(start, end, _as_databricks_path(sql[start : end + 1], unity))
        index += length(chain)


def _as_databricks_path(column: str, unity: UnityNames) -> str:
    local = quote_text(f"file:{unity.volumes_root}")
    one_slash = f"replace({column}, 'file:///', 'file:/')"
    return f"replace({one_slash}, {local}, {quote_text(f'dbfs:{VOLUMES}')})"
