"""The Snowflake account of deployment `dev` as its stack declares it, and the environment that signs in to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from platform_contract.domain import Engine
from platform_contract.domains import places_on
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.layer import Layer
from platform_contract.snowflake_names import LANDING_STAGE, ServiceUser, SnowflakeNames

from tests.deployments import DEV
from tests.rehearsal.hosts import SNOWFLAKE_ACCOUNT
from tests.rehearsal.snowflake_keys import KeyPair

if TYPE_CHECKING:
    from tests.fakes.snowflake.server import SnowflakeServer
    from tests.rehearsal.declared_account import DeclaredAccount

NAMES = SnowflakeNames(DEV)
USER = NAMES.user(ServiceUser.DAGSTER)
PASSPHRASE = "planted-passphrase-of-the-key"  # noqa: S105 - a planted one, to look for


@contextmanager
def dev_account(server: "SnowflakeServer") -> Iterator["DeclaredAccount"]:
    """Databases, schemas and stage, empty, until the block is left."""
    from tests.rehearsal.declared_account import DeclaredAccount

    account = DeclaredAccount(server.engine)
    for database in (NAMES.raw_database, NAMES.analytics_database):
        account.create_database(database, transient=False)
    for place in places_on(Engine.SNOWFLAKE):
        database, schema = NAMES.database(place.layer), NAMES.schema(place.domain, place.layer)
        account.create_schema(database, schema, transient=False)
        if place.layer is Layer.RAW:
            account.create_stage(database, schema, LANDING_STAGE)
    try:
        yield account
    finally:
        for database in (NAMES.raw_database, NAMES.analytics_database):
            account.drop_database(database)
        server.users.forget(USER)


def environment_of_dev(key: KeyPair) -> dict[str, str]:
    """What a run on deployment `dev` finds in its environment; the key is encrypted."""
    return {
        EnvironmentVariable.PLATFORM_DEPLOYMENT: DEV.name,
        EnvironmentVariable.PLATFORM_DEMO_MODE: "false",
        EnvironmentVariable.SNOWFLAKE_ACCOUNT: SNOWFLAKE_ACCOUNT,
        EnvironmentVariable.SNOWFLAKE_USER: USER,
        EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY: key.encrypted_pem(PASSPHRASE),
        EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY_PASSPHRASE: PASSPHRASE,
    }


def planted_secrets(environment: dict[str, str], key: KeyPair) -> list[str]:
    """What must stand in no log, error, event or file: the passphrase, and each line of the key in either form."""
    pems = (environment[EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY], key.pem)
    lines = [line for pem in pems for line in pem.splitlines() if line and not line.startswith("-----")]
    return [environment[EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY_PASSPHRASE], *lines]
