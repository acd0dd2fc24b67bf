from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import pytest

from tests.rehearsal.hosts import SNOWFLAKE_ACCOUNT
from tests.rehearsal.snowflake_keys import KeyPair, make_key_pair

if TYPE_CHECKING:
    from tests.fakes.snowflake.server import SnowflakeServer
    from tests.rehearsal.declared_account import DeclaredAccount

DATABASE = "RAW_TEST"
USER = "LOADER_TEST"

type Query = Callable[[str], list[tuple[Any, ...]]]
type Connect = Callable[[], AbstractContextManager[Any]]


@pytest.fixture(scope="package")
def account(snowflake_server: "SnowflakeServer") -> Iterator["DeclaredAccount"]:
    """A database as infrastructure declares it: a schema with a stage, and another schema."""
    from tests.rehearsal.declared_account import DeclaredAccount

    declared = DeclaredAccount(snowflake_server.engine)
    declared.create_database(DATABASE, transient=False)
    for schema in ("SHOP", "OTHER"):
        declared.create_schema(DATABASE, schema, transient=True)
    declared.create_stage(DATABASE, "SHOP", "LANDING")
    yield declared
    declared.drop_database(DATABASE)


@pytest.fixture
def key(snowflake: "SnowflakeServer") -> KeyPair:
    """The key of the user that may sign in."""
    made = make_key_pair()
    snowflake.users.register(USER, made.public)
    return made


@pytest.fixture
def connect(account: "DeclaredAccount", key: KeyPair) -> Connect:
    """Open a session of the real connector, by key pair, to the account's own host name."""
    import snowflake.connector

    return lambda: snowflake.connector.connect(
        account=SNOWFLAKE_ACCOUNT,
        user=USER,
        private_key=key.private,
        database=DATABASE,
        schema="SHOP",
        role="LOADER",
        warehouse="LOADING",
        login_timeout=30,
        network_timeout=30,
    )


@pytest.fixture
def connection(connect: Connect) -> Iterator[Any]:
    """A session, until the test is over."""
    with connect() as session:
        yield session


@pytest.fixture
def query(connection: Any) -> Query:
    """The rows of a statement."""

    def run(sql: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            return cursor.execute(sql).fetchall()

    return run
