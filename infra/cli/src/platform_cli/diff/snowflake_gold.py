from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, override

from architecture_patterns.pattern import Pattern
from platform_contract.clone_route import CloneRoute
from platform_contract.deployment import Deployment
from platform_contract.domain import Domain
from platform_contract.layer import Layer
from platform_contract.snowflake_names import Persona, SnowflakeNames
from platform_runtime.query_tag import query_tag
from snowflake_medallion.snowflake_access import SnowflakeAccess
from sqlglot import exp

from platform_cli.diff.gold_store import Columns, GoldStore, Side

if TYPE_CHECKING:
    from snowflake.connector import SnowflakeConnection

# The patterns' tables stand in the same schema, under these; they are examples, and no pull request clones them.
_PATTERNS = tuple(f"{pattern.value}_" for pattern in Pattern)


@dataclass(frozen=True, slots=True)
class SnowflakeGold(GoldStore):
    """The gold schema of a domain in two deployments in Snowflake."""

    connection: "SnowflakeConnection"
    route: CloneRoute
    domain: Domain

    @property
    @override
    def schema(self) -> str:
        return self.domain.schema(Layer.GOLD)

    @property
    @override
    def dialect(self) -> str:
        return "snowflake"

    @override
    def tables(self, side: Side) -> dict[str, Columns]:
        names = SnowflakeNames(self._deployment(side))
        described = self.rows(
            "select table_name, column_name, data_type, numeric_precision, numeric_scale"  # noqa: S608
            f" from {names.database(Layer.GOLD)}.information_schema.columns"
            f" where table_schema = '{names.schema(self.domain, Layer.GOLD)}' order by table_name, ordinal_position"
        )
        found: dict[str, Columns] = {}
        for table, column, kind, precision, scale in described:
            if not table.lower().startswith(_PATTERNS):
                found.setdefault(table.lower(), {})[column] = _type(kind, precision, scale)
        return found

    @override
    def relation(self, side: Side, table: str) -> exp.Table:
        names = SnowflakeNames(self._deployment(side))
        return exp.table_(
            table.upper(), db=names.schema(self.domain, Layer.GOLD), catalog=names.database(Layer.GOLD), quoted=True
        )

    @override
    def rows(self, sql: str) -> Sequence[Sequence[Any]]:
        with self.connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall()

    def _deployment(self, side: Side) -> Deployment:
        return self.route.source if side is Side.BASE else self.route.target


@contextmanager
def snowflake_gold(route: CloneRoute, domain: Domain) -> Iterator[SnowflakeGold]:
    """Sign in with the pull request's role that may read production's tables as well: the one that clones them.

    Raises:
        MissingSettingsError: naming every setting that the environment lacks.
        dagster.Failure: for any error of Snowflake; its first line says what to do.
    """
    names = SnowflakeNames(route.target)
    access = SnowflakeAccess(
        database=names.database(Layer.GOLD),
        schema_name=names.schema(domain, Layer.GOLD),
        warehouse=names.layer_warehouse(Layer.GOLD),
        role=names.role(Persona.TRANSFORMER),
        login_timeout_seconds=60,
        queue_timeout_seconds=300,
        statement_timeout_seconds=900,
    )
    doing = f"the comparison of {route.target} with {route.source}"
    with access.connect(doing, query_tag("diff", Layer.GOLD.value, "")) as connection:
        yield SnowflakeGold(connection, route, domain)


def _type(kind: str, precision: int | None, scale: int | None) -> str:
    return kind if precision is None or scale is None else f"{kind}({precision}, {scale})"
