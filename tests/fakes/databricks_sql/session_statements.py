"""Statements about the session, and about catalogs and volumes, none of which open Spark has."""

from collections.abc import Callable, Mapping, Sequence

import pyarrow as pa
from sqlglot.tokenizer_core import Token, TokenType

from tests.fakes.databricks_sql.answers import NOTHING, answer, names
from tests.fakes.databricks_sql.engine_session import Result
from tests.fakes.databricks_sql.session import WarehouseSession
from tests.fakes.databricks_sql.sql_error import insufficient_privilege, not_a_cloud_url, not_answered
from tests.fakes.databricks_sql.sql_text import is_name, read_chain, tokenize, word
from tests.fakes.databricks_sql.unity_names import UnityNames, spark_database

type Answerer = Callable[[Sequence[Token], WarehouseSession, UnityNames], Result | None]

# Infrastructure makes these, and grants on them; a pipeline that tries has a principal with too much power in mind.
_DECLARED = frozenset({"CATALOG", "DATABASE", "SCHEMA", "VOLUME"})


def answer_statement(sql: str, session: WarehouseSession, unity: UnityNames) -> Result | None:
    """The answer to a statement that Spark never sees, None for one that it does.

    Raises:
        SqlError: when the statement names what nobody declared, or does what pipelines may not.
    """
    tokens = [token for token in tokenize(sql) if token.token_type is not TokenType.SEMICOLON]
    answerer = _ANSWERERS.get(word(tokens[0])) if tokens else None
    return answerer(tokens, session, unity) if answerer else None


def use_namespace(session: WarehouseSession, unity: UnityNames, catalog: str | None, schema: str | None) -> None:
    """Resolve names there from now on; a catalog without a schema starts at its schema `default`, if it has one.

    Raises:
        SqlError: when nobody declared the catalog or the schema.
    """
    session.namespace.catalog = unity.require_catalog(catalog) if catalog else session.namespace.catalog
    if schema is None:
        current = session.namespace.catalog
        session.namespace.schema = "default" if current and "default" in unity.schemas(current) else None
    else:
        _, session.namespace.schema = unity.require_schema(session.namespace.catalog, schema)
    _use_in_spark(session)


def _use_in_spark(session: WarehouseSession) -> None:
    catalog, schema = session.namespace.catalog, session.namespace.schema
    database = spark_database(catalog, schema) if catalog and schema else "default"
    session.engine.run(f"USE `{database}`", session.id.hex)


def _use(tokens: Sequence[Token], session: WarehouseSession, unity: UnityNames) -> Result:
    after = 2 if word(tokens[1]) in {"CATALOG", *_DECLARED} and len(tokens) > 2 else 1
    parts = [token.text for token in read_chain(tokens, after)]
    if after > 1 and word(tokens[1]) == "CATALOG":
        use_namespace(session, unity, _text(tokens[2]), None)
    else:
        use_namespace(session, unity, parts[0] if len(parts) > 1 else None, parts[-1])
    return NOTHING


def _set(tokens: Sequence[Token], session: WarehouseSession, unity: UnityNames) -> Result | None:
    if len(tokens) > 1 and word(tokens[1]) == "CATALOG":
        use_namespace(session, unity, _text(tokens[2]), None)
        return NOTHING
    if len(tokens) > 1 and word(tokens[1]) in {"VAR", "VARIABLE"}:
        return None
    chain = read_chain(tokens, 1)
    name = ".".join(token.text for token in chain)
    equals = 2 * len(chain)
    value = "".join(_text(token) for token in tokens[equals + 1 :])
    session.set_parameter(name, value)
    return answer({"key": (pa.string(), [name]), "value": (pa.string(), [value])})


def _show(tokens: Sequence[Token], session: WarehouseSession, unity: UnityNames) -> Result | None:
    match word(tokens[1]):
        case "CATALOGS":
            return names("catalog", unity.catalogs())
        case "SCHEMAS" | "DATABASES":
            catalog = tokens[3].text if len(tokens) > 3 else session.namespace.catalog or ""
            return names("databaseName", unity.schemas(unity.require_catalog(catalog)))
        case "VOLUMES":
            chain = [token.text for token in read_chain(tokens, 3)]
            catalog, schema = [session.namespace.catalog or "", *chain][-2:]
            return names("volume_name", unity.volumes(*unity.require_schema(catalog, schema)))
        case _:
            return None


def _list(tokens: Sequence[Token], session: WarehouseSession, unity: UnityNames) -> Result:
    """Refused, whatever it names: docs.databricks.com, LIST, documents URLs of cloud storage, which take READ FILES on
    an external location that no pipeline has, and no path of a volume; those the Files API lists."""
    asked = tokens[1].text
    if unity.local_path(asked) is not None:
        raise not_a_cloud_url(asked)
    raise insufficient_privilege("READ FILES", f"the external location of {asked}")


def _create_or_drop(tokens: Sequence[Token], session: WarehouseSession, unity: UnityNames) -> Result | None:
    kinds = [word(token) for token in tokens[1:4] if word(token) in _DECLARED]
    if kinds:
        raise insufficient_privilege(f"{word(tokens[0])} {kinds[0]}", f"{kinds[0]}: infrastructure declares it")
    return None


def _grant(tokens: Sequence[Token], session: WarehouseSession, unity: UnityNames) -> Result:
    raise insufficient_privilege("MANAGE", "securables: infrastructure grants")


def _lacking(tokens: Sequence[Token], session: WarehouseSession, unity: UnityNames) -> Result:
    raise not_answered(f"{word(tokens[0])} on a volume")


def _text(token: Token) -> str:
    return token.text if is_name(token) or token.token_type is not TokenType.PARAMETER else ""


_ANSWERERS: Mapping[str, Answerer] = {
    "ALTER": _create_or_drop,
    "CREATE": _create_or_drop,
    "DROP": _create_or_drop,
    "GET": _lacking,
    "GRANT": _grant,
    "LIST": _list,
    "PUT": _lacking,
    "REMOVE": _lacking,
    "REVOKE": _grant,
    "SET": _set,
    "SHOW": _show,
    "USE": _use,
}
