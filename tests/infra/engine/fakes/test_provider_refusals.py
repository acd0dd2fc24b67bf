"""What the real providers were seen to refuse while previewing, and what they were seen to let through."""

from typing import Any

import pytest

from tests.fakes.pulumi_provider.databricks.databricks_cloud import DatabricksCloud
from tests.fakes.pulumi_provider.databricks.store import MemoryLakehouseStore
from tests.fakes.pulumi_provider.property_values import UNKNOWN
from tests.fakes.pulumi_provider.snowflake.account import Edition
from tests.fakes.pulumi_provider.snowflake.snowflake_cloud import SnowflakeCloud
from tests.fakes.pulumi_provider.snowflake.store import MemorySnowflakeStore

WAREHOUSE = "snowflake:index/warehouse:Warehouse"
DATABASE = "snowflake:index/database:Database"
SCHEMA = "snowflake:index/schema:Schema"
MONITOR = "snowflake:index/resourceMonitor:ResourceMonitor"
DATABASE_ROLE_GRANT = "snowflake:index/grantPrivilegesToDatabaseRole:GrantPrivilegesToDatabaseRole"
ROLE_OF_DATABASE = "snowflake:index/grantDatabaseRole:GrantDatabaseRole"
SERVICE_USER = "snowflake:index/serviceUser:ServiceUser"
STAGE = "snowflake:index/stageInternal:StageInternal"
SQL_ENDPOINT = "databricks:index/sqlEndpoint:SqlEndpoint"
VOLUME = "databricks:index/volume:Volume"
CREDENTIAL = "databricks:index/storageCredential:StorageCredential"
GRANTS = "databricks:index/grants:Grants"
CATALOG = "databricks:index/catalog:Catalog"
LOCATION = "databricks:index/externalLocation:ExternalLocation"
PERMISSIONS = "databricks:index/permissions:Permissions"

GRANT: dict[str, Any] = {"databaseRoleName": "D.R", "privileges": ["SELECT"]}
FUTURE_TABLES = {"future": {"objectTypePlural": "TABLES", "inSchema": "D.S"}}
ONE_GRANT = {"principal": "engineers", "privileges": ["USE_CATALOG"]}

REFUSED = [
    (WAREHOUSE, {"name": "W", "warehouseSize": "HUGE"}, "warehouseSize"),
    (WAREHOUSE, {"name": "W", "warehouseType": "CHEAP"}, "warehouseType"),
    (WAREHOUSE, {"name": "W", "scalingPolicy": "SLOW"}, "scalingPolicy"),
    (WAREHOUSE, {"name": "W", "autoSuspend": -1}, "autoSuspend"),
    (WAREHOUSE, {"name": "W", "autoResume": "yes"}, "autoResume"),
    (WAREHOUSE, {"name": "W", "autoSuspend": "60"}, "autoSuspend"),
    (WAREHOUSE, {"name": "W", "initiallySuspended": 1}, "initiallySuspended"),
    (WAREHOUSE, {"name": "W", "auto_suspend": 60}, "auto_suspend"),
    (DATABASE, {"name": "D", "dataRetentionTimeInDays": 91}, "dataRetentionTimeInDays"),
    (SCHEMA, {"name": "S"}, "database"),
    (SCHEMA, {"name": "S", "database": "D", "withManagedAccess": "yes"}, "withManagedAccess"),
    (MONITOR, {"name": "M", "frequency": "HOURLY", "startTimestamp": "IMMEDIATELY"}, "frequency"),
    (MONITOR, {"name": "M", "frequency": "MONTHLY"}, "startTimestamp"),
    (MONITOR, {"name": "M", "notifyTriggers": ["half"]}, "notifyTriggers[0]"),
    (DATABASE_ROLE_GRANT, GRANT, "onDatabase"),
    (DATABASE_ROLE_GRANT, GRANT | {"onDatabase": "D", "onSchemaObject": FUTURE_TABLES}, "onDatabase"),
    (DATABASE_ROLE_GRANT, GRANT | {"allPrivileges": True, "onDatabase": "D"}, "privileges"),
    (DATABASE_ROLE_GRANT, GRANT | {"onSchema": {"schemaName": "S"}}, "schemaName"),
    (
        DATABASE_ROLE_GRANT,
        GRANT | {"onSchemaObject": {"future": {"objectTypePlural": "TABLE", "inSchema": "D.S"}}},
        "onSchemaObject.future.objectTypePlural",
    ),
    (ROLE_OF_DATABASE, {"databaseRoleName": "R", "parentRoleName": "P"}, "databaseRoleName"),
    (SERVICE_USER, {"name": "U", "password": "hunter2"}, "password"),
    # A user has one default identity; more than that takes ALTER USER … ADD WORKLOAD IDENTITY.
    (
        SERVICE_USER,
        {"name": "U", "defaultWorkloadIdentity": {"gcp": {"subject": "1"}, "aws": {"arn": "arn:aws:iam::1:role/r"}}},
        "defaultWorkloadIdentity",
    ),
    (
        STAGE,
        {"name": "L", "database": "D", "schema": "S", "fileFormat": {"csv": {"compression": "RAR"}}},
        "compression",
    ),
    (SQL_ENDPOINT, {"name": "w"}, "clusterSize"),
    (SQL_ENDPOINT, {"name": "w", "clusterSize": "Huge"}, "clusterSize"),
    (SQL_ENDPOINT, {"name": "w", "clusterSize": "Small", "warehouseType": "FAST"}, "warehouseType"),
    (SQL_ENDPOINT, {"name": "w", "clusterSize": "Small", "maxNumClusters": 41}, "maxNumClusters"),
    (VOLUME, {"name": "v", "catalogName": "c", "schemaName": "s", "volumeType": "RENTED"}, "volumeType"),
    (VOLUME, {"name": "v", "catalogName": "c", "volumeType": "MANAGED"}, "schemaName"),
    (CREDENTIAL, {"name": "c"}, "name"),
    (CREDENTIAL, {"name": "c", "awsIamRole": {}}, "awsIamRole.roleArn"),
    (GRANTS, {"grants": [ONE_GRANT]}, "catalog"),
    (GRANTS, {"catalog": "c", "grants": [{"principal": "engineers"}]}, "grants[0].privileges"),
    (
        PERMISSIONS,
        {"clusterPolicyId": "1", "accessControls": [{"groupName": "g", "permissionLevel": "CAN_MANAGE"}]},
        "accessControls[0].permissionLevel",
    ),
]

LET_THROUGH = [
    (WAREHOUSE, {"name": "W", "warehouseSize": "x-small", "autoResume": "TRUE"}),
    (DATABASE_ROLE_GRANT, {"databaseRoleName": "D.R", "privileges": ["FROBNICATE"], "onDatabase": "D"}),
    (SERVICE_USER, {"name": "U", "rsaPublicKey": "no key at all"}),
    (
        DATABASE_ROLE_GRANT,
        GRANT | {"onSchemaObject": {"future": {"objectTypePlural": "TABLE", "inSchema": UNKNOWN}}},
    ),
    (DATABASE, {"name": "D", "isTransient": True, "dataRetentionTimeInDays": 90}),
    (ROLE_OF_DATABASE, {"databaseRoleName": "D.R", "parentDatabaseRoleName": "OTHER.R"}),
    (WAREHOUSE, {"name": "W", "resourceMonitor": UNKNOWN, "autoSuspend": UNKNOWN}),
    (GRANTS, {"catalog": "c", "grants": [{"principal": "engineers", "privileges": ["FROBNICATE"]}]}),
    (GRANTS, {"catalog": "c", "schema": "c.s", "grants": [ONE_GRANT]}),
    (LOCATION, {"name": "l", "url": "somewhere", "credentialName": "c"}),
    (CATALOG, {"name": "c", "isolationMode": "SPLENDID"}),
    (VOLUME, {"name": "v", "catalogName": "c", "schemaName": "s", "volumeType": "EXTERNAL"}),
    (SQL_ENDPOINT, {"name": "w", "clusterSize": "Small", "spotInstancePolicy": "LUCKY"}),
]


type Clouds = dict[str, SnowflakeCloud | DatabricksCloud]


@pytest.fixture(scope="module")
def clouds() -> Clouds:
    return {
        "snowflake": SnowflakeCloud(Edition.ENTERPRISE, MemorySnowflakeStore()),
        "databricks": DatabricksCloud({"workspace.example": "1"}, MemoryLakehouseStore()),
    }


@pytest.mark.parametrize(("token", "inputs", "property_path"), REFUSED)
def test_what_a_provider_will_not_plan(clouds: Clouds, token: str, inputs: dict[str, Any], property_path: str) -> None:
    cloud = clouds[token.partition(":")[0]]

    assert [refused.property for refused in cloud.refusals(token, inputs)] == [property_path]


@pytest.mark.parametrize(("token", "inputs"), LET_THROUGH)
def test_what_a_provider_passes_on_to_the_cloud(clouds: Clouds, token: str, inputs: dict[str, Any]) -> None:
    assert clouds[token.partition(":")[0]].refusals(token, inputs) == []


def test_an_unknown_argument_names_the_nearest_known_one(clouds: Clouds) -> None:
    (refused,) = clouds["snowflake"].refusals(WAREHOUSE, {"name": "W", "autoSuspendd": 60})

    assert refused.reason == "unknown property: did you mean autoSuspend?"
