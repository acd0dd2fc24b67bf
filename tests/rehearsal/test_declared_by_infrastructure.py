"""What the fake clouds behind Pulumi are told to make is there for real clients, and gone when it is taken away."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.pulumi_provider.cloud import Cloud, Request
from tests.fakes.pulumi_provider.databricks.databricks_cloud import DatabricksCloud
from tests.fakes.pulumi_provider.databricks.tokens import CATALOG, VOLUME
from tests.fakes.pulumi_provider.databricks.tokens import SCHEMA as UNITY_SCHEMA
from tests.fakes.pulumi_provider.snowflake.account import Edition
from tests.fakes.pulumi_provider.snowflake.snowflake_cloud import SnowflakeCloud
from tests.fakes.pulumi_provider.snowflake.tokens import DATABASE, STAGE_INTERNAL
from tests.fakes.pulumi_provider.snowflake.tokens import SCHEMA as SNOWFLAKE_SCHEMA
from tests.rehearsal.databricks.client import connect
from tests.rehearsal.hosts import DATABRICKS_HOST, SNOWFLAKE_ACCOUNT
from tests.rehearsal.snowflake_keys import make_key_pair

if TYPE_CHECKING:
    from tests.fakes.databricks_workspace.workspace import Workspace
    from tests.fakes.snowflake.server import SnowflakeServer

pytestmark = pytest.mark.slow


class Program:
    """Creates and deletes resources as the engine would, the last made first deleted."""

    def __init__(self, cloud: Cloud[Any], session: Any) -> None:
        self._cloud = cloud
        self._session = session
        self._made: list[tuple[str, str]] = []

    def create(self, token: str, inputs: dict[str, Any]) -> None:
        made = self._cloud.create(Request(self._session, token, "resource", 0), inputs)
        self._made.append((token, made.id))

    def destroy(self) -> None:
        while self._made:
            token, resource = self._made[-1]
            self._cloud.delete(Request(self._session, token, "resource", 0), resource)
            self._made.pop()


def test_a_catalog_is_there_for_the_sql_client(databricks: "Workspace") -> None:
    cloud = DatabricksCloud({DATABRICKS_HOST: "1"}, databricks.lakehouse)
    program = Program(cloud, cloud.sign_in({"host": DATABRICKS_HOST}))
    program.create(CATALOG, {"name": "Declared", "isolationMode": "OPEN"})
    program.create(UNITY_SCHEMA, {"catalogName": "Declared", "name": "ops"})
    program.create(VOLUME, {"catalogName": "Declared", "schemaName": "ops", "name": "landing", "volumeType": "MANAGED"})
    with connect(databricks, "declared") as client:
        assert client.run("SELECT path FROM binaryFile.`/Volumes/declared/ops/landing`") == []
        client.run("CREATE TABLE ops.there (a INT)")
        with pytest.raises(Exception, match="is not empty"):
            program.destroy()
        client.run("DROP TABLE ops.there")
        program.destroy()
        with pytest.raises(Exception, match="NO_SUCH_CATALOG_EXCEPTION"):
            client.run("SELECT * FROM declared.ops.there")
    assert not databricks.lakehouse.has_catalog("declared")


def test_a_database_is_there_for_the_snowflake_client(snowflake: "SnowflakeServer") -> None:
    from snowflake.connector import connect as sign_in

    from tests.rehearsal.declared_account import DeclaredAccount

    store = DeclaredAccount(snowflake.engine)
    cloud = SnowflakeCloud(Edition.ENTERPRISE, store)
    program = Program(cloud, cloud.sign_in({"role": "SYSADMIN"}))
    program.create(DATABASE, {"name": "DECLARED"})
    program.create(SNOWFLAKE_SCHEMA, {"database": "DECLARED", "name": "SHOP"})
    program.create(STAGE_INTERNAL, {"database": "DECLARED", "schema": "SHOP", "name": "LANDING"})
    key = make_key_pair()
    snowflake.users.register("SOMEBODY", key.public)
    with sign_in(account=SNOWFLAKE_ACCOUNT, user="SOMEBODY", private_key=key.private, database="DECLARED") as session:
        session.cursor().execute("CREATE TABLE DECLARED.SHOP.there (a INT)")
        assert store.tables("DECLARED", "SHOP") == ["THERE"]
        session.cursor().execute("DROP TABLE DECLARED.SHOP.there")
    program.destroy()
    assert not store.has_database("DECLARED")
