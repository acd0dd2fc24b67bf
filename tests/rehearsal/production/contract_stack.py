from typing import override

from platform_contract.databricks_names import OPERATIONS_SCHEMA, Volume
from platform_contract.dbt_environment import snowflake_environment
from platform_contract.domain import Engine
from platform_contract.domains import places_on
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.layer import Layer
from platform_contract.snowflake_names import LANDING_STAGE, Persona, ServiceUser, Warehouse

from tests.rehearsal.declared_account import DeclaredAccount
from tests.rehearsal.hosts import DATABRICKS_HOST
from tests.rehearsal.production.dev_stack import DATABRICKS, OAUTH_SECRET, SNOWFLAKE, DevStack, StandIns, stores_hold

_PRINCIPAL = "application-of-platform-pipeline-dev"


class ContractStack(DevStack):
    """What the stack would make, made by the contract's names: for a machine that has no Pulumi engine."""

    def __init__(self, stand_ins: StandIns) -> None:
        self._stand_ins = stand_ins
        self._account = DeclaredAccount(stand_ins.snowflake.engine)

    @override
    def up(self) -> dict[str, int]:
        if stores_hold(self._stand_ins):
            return {}
        self._declare_in_snowflake()
        self._declare_in_databricks()
        return {"create": len(stores_hold(self._stand_ins))}

    @override
    def environment(self) -> dict[str, str]:
        return {
            **snowflake_environment(SNOWFLAKE),
            EnvironmentVariable.DATABRICKS_SERVER_HOSTNAME: DATABRICKS_HOST,
            EnvironmentVariable.DATABRICKS_HTTP_PATH: f"/sql/1.0/warehouses/{DATABRICKS.sql_warehouse}",
            EnvironmentVariable.DATABRICKS_CLIENT_ID: _PRINCIPAL,
        }

    @override
    def warehouses(self) -> set[str]:
        return {SNOWFLAKE.warehouse(kind) for kind in Warehouse}

    @override
    def destroy(self) -> None:
        for database in (SNOWFLAKE.raw_database, SNOWFLAKE.analytics_database):
            self._account.drop_database(database)
        self._stand_ins.snowflake.users.forget(SNOWFLAKE.user(ServiceUser.DAGSTER))
        self._stand_ins.databricks.lakehouse.drop_catalog(DATABRICKS.catalog)
        self._stand_ins.databricks.secrets.pop(_PRINCIPAL, None)
        self._stand_ins.databricks.warehouse_ids.discard(DATABRICKS.sql_warehouse)

    @override
    def remains(self) -> list[str]:
        return stores_hold(self._stand_ins)

    def _declare_in_snowflake(self) -> None:
        for database in (SNOWFLAKE.raw_database, SNOWFLAKE.analytics_database):
            self._account.create_database(database, transient=False)
            self._account.drop_schema(database, "PUBLIC")
        for place in places_on(Engine.SNOWFLAKE):
            database, schema = SNOWFLAKE.database(place.layer), SNOWFLAKE.schema(place.domain, place.layer)
            self._account.create_schema(database, schema, transient=False)
            if place.layer is Layer.RAW:
                self._account.create_stage(database, schema, LANDING_STAGE)
        user = SNOWFLAKE.user(ServiceUser.DAGSTER)
        self._stand_ins.snowflake.users.register(user, self._stand_ins.key.public)
        self._stand_ins.snowflake.users.limit(user, [SNOWFLAKE.role(p) for p in (Persona.LOADER, Persona.TRANSFORMER)])

    def _declare_in_databricks(self) -> None:
        lakehouse = self._stand_ins.databricks.lakehouse
        lakehouse.create_catalog(DATABRICKS.catalog, None)
        for schema in DATABRICKS.schemas:
            lakehouse.create_schema(DATABRICKS.catalog, schema)
        for volume in Volume:
            lakehouse.create_volume(DATABRICKS.catalog, OPERATIONS_SCHEMA, volume.value)
        self._stand_ins.databricks.secrets[_PRINCIPAL] = OAUTH_SECRET
        self._stand_ins.databricks.warehouse_ids.add(DATABRICKS.sql_warehouse)
