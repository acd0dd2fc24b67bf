"""The clouds' clients as the pipelines sign in, by the usual variables of the environment."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from databricks_delta.lakehouse.databricks.credentials import databricks_settings, sql_credentials
from databricks_delta.spark_job.workspace_client import workspace_client
from platform_contract.databricks_names import DatabricksNames
from platform_contract.deployment import Deployment
from platform_contract.domains import domain_named
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.layer import Layer
from platform_contract.snowflake_names import Persona, SnowflakeNames
from snowflake_medallion.snowflake_access import SnowflakeAccess

from tests.rehearsal.databricks.client import Client

if TYPE_CHECKING:
    from databricks.sdk import WorkspaceClient
    from snowflake.connector import SnowflakeConnection

_TAG = "rehearsal"


@contextmanager
def snowflake_connection(deployment: Deployment) -> Iterator["SnowflakeConnection"]:
    """A session of the role that builds the deployment's tables."""
    names = SnowflakeNames(deployment)
    access = SnowflakeAccess(
        database=names.database(Layer.GOLD),
        schema_name=names.schema(domain_named("shop"), Layer.GOLD),
        warehouse=names.layer_warehouse(Layer.GOLD),
        role=names.role(Persona.TRANSFORMER),
        login_timeout_seconds=60,
        queue_timeout_seconds=300,
        statement_timeout_seconds=900,
    )
    with access.connect(f"the rehearsal in {deployment}", _TAG) as connection:
        yield connection


@contextmanager
def databricks_client(deployment: Deployment) -> Iterator[Client]:
    """A session with the SQL warehouse, in the deployment's catalog."""
    from databricks import sql

    catalog = DatabricksNames(deployment).catalog
    settings = databricks_settings(catalog)
    with sql.connect(
        server_hostname=settings[EnvironmentVariable.DATABRICKS_SERVER_HOSTNAME],
        http_path=settings[EnvironmentVariable.DATABRICKS_HTTP_PATH],
        catalog=catalog,
        session_configuration={"TIMEZONE": "UTC"},
        enable_telemetry=False,
        **sql_credentials(settings),
    ) as connection:
        yield Client(connection)


def workspace_of(deployment: Deployment) -> "WorkspaceClient":
    """The workspace's own interface."""
    return workspace_client(databricks_settings(DatabricksNames(deployment).catalog))
