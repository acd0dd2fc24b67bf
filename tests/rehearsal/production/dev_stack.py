from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from platform_contract.databricks_names import DatabricksNames
from platform_contract.snowflake_names import SnowflakeNames

from tests.deployments import DEV
from tests.rehearsal.snowflake_keys import KeyPair

if TYPE_CHECKING:
    from tests.fakes.databricks_workspace.workspace import Workspace
    from tests.fakes.snowflake.server import SnowflakeServer

DATABRICKS = DatabricksNames(DEV)
SNOWFLAKE = SnowflakeNames(DEV)

# What a person makes by hand in the account console, and gives to Dagster+ alone.
OAUTH_SECRET = "made-by-hand-in-the-console"  # noqa: S105 - of the stand-in alone


@dataclass(frozen=True, slots=True)
class StandIns:
    """The two clouds that the stack comes up in, and the key that the pipelines' Snowflake user signs in with."""

    databricks: "Workspace"
    snowflake: "SnowflakeServer"
    key: KeyPair


class DevStack(ABC):
    """The infrastructure of deployment `dev`: what there is in the stand-ins is what it has made."""

    @abstractmethod
    def up(self) -> dict[str, int]:
        """Make it so; how many objects had what done to them."""

    @abstractmethod
    def environment(self) -> dict[str, str]:
        """What the stack says that the pipelines need: where the SQL warehouse is, and whom they sign in as."""

    @abstractmethod
    def warehouses(self) -> set[str]:
        """The warehouses that the pipelines may name in Snowflake."""

    @abstractmethod
    def destroy(self) -> None:
        """Take all of it away."""

    @abstractmethod
    def remains(self) -> list[str]:
        """What there still is of it, anywhere."""


def stores_hold(stand_ins: StandIns) -> list[str]:
    """The catalogs and databases in the stand-ins that belong to the deployment."""
    from tests.rehearsal.declared_account import DeclaredAccount

    account = DeclaredAccount(stand_ins.snowflake.engine)
    databases = [name for name in (SNOWFLAKE.raw_database, SNOWFLAKE.analytics_database) if account.has_database(name)]
    return databases + [DATABRICKS.catalog] * stand_ins.databricks.lakehouse.has_catalog(DATABRICKS.catalog)
