"""Names and paths in the plans of Spark Connect, put as the engine knows them."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from google.protobuf.message import Message

from tests.fakes.databricks_sql.catalog_names import name_edits
from tests.fakes.databricks_sql.sql_error import not_answered
from tests.fakes.databricks_sql.sql_text import apply_edits, is_name, read_chain, tokenize, word
from tests.fakes.databricks_sql.unity_names import Namespace, UnityNames, spark_database
from tests.fakes.databricks_sql.volume_paths import require_volume_path, volume_edits

_SPARK_CATALOG = "spark_catalog"
# The SQL warehouse answers these; open Spark knows none of them.
_UNKNOWN = frozenset({"COPY", "GRANT", "LIST", "PUT", "REVOKE"})

type _Rewrite = Callable[[str, Namespace, UnityNames], str]


class PlanRewriter:
    """Rewrites the requests of one session, whose namespace its statements may change."""

    def __init__(self, unity: UnityNames) -> None:
        self._unity = unity
        self._namespace = Namespace(None, None)
        # The server hands a statement back as the plan of its result, and the client then asks for that plan.
        self._rewritten: set[str] = set()

    def rewrite(self, message: Message) -> None:
        """Change, in place, every name and path in a request.

        Raises:
            SqlError: for a catalog, schema or volume that nobody declared.
        """
        rewrites = _REWRITES.get(message.DESCRIPTOR.full_name, {})
        for field, value in message.ListFields():
            if field.name in rewrites:
                _replace(message, field.name, value, partial(self._changed, rewrites[field.name]))
            elif field.message_type is not None:
                for child in _children(value):
                    self.rewrite(child)

    def _changed(self, rewrite: _Rewrite, text: str) -> str:
        if text in self._rewritten:
            return text
        changed = rewrite(text, self._namespace, self._unity)
        if changed != text:
            self._rewritten.add(changed)
        return changed


def _replace(message: Message, name: str, value: Any, change: Callable[[str], str]) -> None:
    if isinstance(value, str):
        setattr(message, name, change(value))
    else:
        value[:] = [change(text) for text in value]


def _children(value: Any) -> list[Message]:
    if isinstance(value, Message):
        return [value]
    items = value.values() if isinstance(value, Mapping) or hasattr(value, "values") else value
    return [item for item in items if isinstance(item, Message)]


def _sql(text: str, namespace: Namespace, unity: UnityNames) -> str:
    tokens = tokenize(text)
    first = word(tokens[0]) if tokens else ""
    if first in _UNKNOWN:
        raise not_answered(f"{first} in a job")
    if first == "USE" or [word(token) for token in tokens[:2]] == ["SET", "CATALOG"]:
        return _use([token.text for token in tokens], text, namespace, unity)
    return apply_edits(text, [*name_edits(text, namespace, unity), *volume_edits(text, unity)])


def _use(words: list[str], text: str, namespace: Namespace, unity: UnityNames) -> str:
    if words[1].upper() == "CATALOG":
        _use_catalog(words[2], namespace, unity)
    else:
        tokens = tokenize(text)
        start = 2 if words[1].upper() in {"DATABASE", "SCHEMA"} else 1
        parts = [token.text for token in read_chain(tokens, start)]
        catalog = parts[0] if len(parts) > 1 else namespace.catalog
        namespace.catalog, namespace.schema = unity.require_schema(catalog, parts[-1])
    return f"USE `{_current_database(namespace)}`"


def _use_catalog(catalog: str, namespace: Namespace, unity: UnityNames) -> None:
    namespace.catalog = unity.require_catalog(catalog)
    namespace.schema = "default" if "default" in unity.schemas(namespace.catalog) else None


def _current_database(namespace: Namespace) -> str:
    if namespace.catalog is None or namespace.schema is None:
        return "default"
    return spark_database(namespace.catalog, namespace.schema)


def _table(text: str, namespace: Namespace, unity: UnityNames) -> str:
    parts = [token.text for token in tokenize(text) if is_name(token)]
    return unity.spark_table(parts, namespace) if len(parts) > 1 else text


def _schema(text: str, namespace: Namespace, unity: UnityNames) -> str:
    parts = [token.text for token in tokenize(text) if is_name(token)]
    return unity.spark_schema(parts, namespace).strip("`")


def _current_schema(text: str, namespace: Namespace, unity: UnityNames) -> str:
    namespace.catalog, namespace.schema = unity.require_schema(namespace.catalog, text)
    return _current_database(namespace)


def _current_catalog(text: str, namespace: Namespace, unity: UnityNames) -> str:
    _use_catalog(text, namespace, unity)
    return _SPARK_CATALOG


def _path(text: str, namespace: Namespace, unity: UnityNames) -> str:
    return str(require_volume_path(text, unity))


_REWRITES: Mapping[str, Mapping[str, _Rewrite]] = {
    "spark.connect.CacheTable": {"table_name": _table},
    "spark.connect.DatabaseExists": {"db_name": _schema},
    "spark.connect.ListColumns": {"db_name": _schema},
    "spark.connect.ListTables": {"db_name": _schema},
    "spark.connect.MergeIntoTableCommand": {"target_table_name": _table},
    "spark.connect.Read.DataSource": {"paths": _path},
    "spark.connect.Read.NamedTable": {"unparsed_identifier": _table},
    "spark.connect.RefreshTable": {"table_name": _table},
    "spark.connect.SQL": {"query": _sql},
    "spark.connect.SetCurrentCatalog": {"catalog_name": _current_catalog},
    "spark.connect.SetCurrentDatabase": {"db_name": _current_schema},
    "spark.connect.TableExists": {"db_name": _schema, "table_name": _table},
    "spark.connect.WriteOperation": {"path": _path},
    "spark.connect.WriteOperation.SaveTable": {"table_name": _table},
    "spark.connect.WriteOperationV2": {"table_name": _table},
}
