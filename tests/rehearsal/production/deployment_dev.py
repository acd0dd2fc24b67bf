"""Deployment `dev` on the stand-ins: the environment that its pipelines run in, and its tables as clients see them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.layer import Layer
from platform_contract.snowflake_names import ServiceUser

from tests.fakes.object_storage.object_storage import ObjectStorage
from tests.rehearsal.comparison.compared_table import ComparedTable
from tests.rehearsal.databricks.client import connect
from tests.rehearsal.hosts import SNOWFLAKE_ACCOUNT
from tests.rehearsal.production.dev_stack import DATABRICKS, OAUTH_SECRET, SNOWFLAKE, DevStack, StandIns
from tests.rehearsal.production.production_tables import AccountTables, LakehouseTables, object_storage_gold


@dataclass(frozen=True, slots=True)
class Holdings:
    """What the deployment holds at one moment.

    Attributes:
        gold: every gold table, whole.
        rows: how many rows every table has.
        versions: the newest version of every Delta table of the lakehouse.
    """

    gold: Mapping[str, ComparedTable]
    rows: Mapping[str, int]
    versions: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class DeploymentDev:
    """The deployment, once its stack is up."""

    stand_ins: StandIns
    storage: ObjectStorage
    network: Mapping[str, str]

    @property
    def storage_uri(self) -> str:
        """What PLATFORM_STORAGE_URI is."""
        return f"s3://{self.storage.bucket}/platform"

    def environment(self, stack: DevStack) -> dict[str, str]:
        """The environment of its pipelines: production's settings as the stack names them, and how clouds are found."""
        return {
            **self.network,
            **self.storage.environment,
            **{name: value for name, value in stack.environment().items() if name.startswith("DATABRICKS_")},
            EnvironmentVariable.DATABRICKS_CLIENT_SECRET: OAUTH_SECRET,
            EnvironmentVariable.PLATFORM_DEMO_MODE: "false",
            EnvironmentVariable.PLATFORM_DEPLOYMENT: DATABRICKS.deployment.name,
            EnvironmentVariable.PLATFORM_STORAGE_URI: self.storage_uri,
            EnvironmentVariable.SNOWFLAKE_ACCOUNT: SNOWFLAKE_ACCOUNT,
            EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY: self.stand_ins.key.pem,
            EnvironmentVariable.SNOWFLAKE_USER: SNOWFLAKE.user(ServiceUser.DAGSTER),
        }

    def holdings(self) -> Holdings:
        """What it holds now."""
        with self._lakehouse() as lakehouse, self._account(Layer.GOLD) as account:
            patterns = object_storage_gold(f"{self.storage_uri}/{DATABRICKS.deployment}/patterns")
            return Holdings(
                gold={**lakehouse.gold(), **account.gold(), **patterns},
                rows={**lakehouse.counts(), **account.counts()},
                versions=lakehouse.versions(),
            )

    def drop_tables(self) -> int:
        """Take away what the pipelines made, as whoever takes the deployment away must first; how many tables."""
        with self._lakehouse() as lakehouse, self._account(Layer.GOLD) as account:
            dropped = len(lakehouse.names()) + len(account.names())
            lakehouse.drop()
        for layer in Layer:
            with self._account(layer) as account:
                account.drop(layer)
        return dropped

    @contextmanager
    def _lakehouse(self) -> Iterator[LakehouseTables]:
        with connect(self.stand_ins.databricks, DATABRICKS.catalog) as client:
            yield LakehouseTables(client, DATABRICKS)

    @contextmanager
    def _account(self, layer: Layer) -> Iterator[AccountTables]:
        """A session of the role that owns a layer's tables."""
        from snowflake.connector import connect as sign_in

        sign_in_as: dict[str, Any] = {
            "account": SNOWFLAKE_ACCOUNT,
            "private_key": self.stand_ins.key.private,
            "user": SNOWFLAKE.user(ServiceUser.DAGSTER),
        }
        with sign_in(
            **sign_in_as,
            role=SNOWFLAKE.layer_role(layer),
            warehouse=SNOWFLAKE.layer_warehouse(Layer.GOLD),
            login_timeout=30,
            network_timeout=60,
            session_parameters={"TIMEZONE": "UTC"},
        ) as connection:
            yield AccountTables(connection, SNOWFLAKE)
