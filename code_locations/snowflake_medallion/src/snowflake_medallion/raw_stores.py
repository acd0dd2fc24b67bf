from platform_contract.domain import Domain
from platform_contract.layer import Layer
from platform_contract.snowflake_names import LANDING_STAGE, SnowflakeNames
from platform_runtime.platform_context import PlatformContext

from snowflake_medallion.raw_load import local_raw_store
from snowflake_medallion.raw_store import RawStore
from snowflake_medallion.snowflake_access import SnowflakeAccess
from snowflake_medallion.snowflake_raw_store import SnowflakeRawStore


def raw_store_of(platform: PlatformContext, domain: Domain) -> RawStore:
    """The raw store of a domain in the deployment, on the engine that demo mode chooses."""
    if platform.demo_mode:
        return local_raw_store(platform.local_paths, domain)
    access = _loader(platform.snowflake, domain)
    return SnowflakeRawStore(domain=domain.name, access=access, stage=LANDING_STAGE)


def _loader(names: SnowflakeNames, domain: Domain) -> SnowflakeAccess:
    return SnowflakeAccess(
        database=names.raw_database,
        schema_name=names.schema(domain, Layer.RAW),
        warehouse=names.layer_warehouse(Layer.RAW),
        role=names.layer_role(Layer.RAW),
        login_timeout_seconds=60,
        # A month of orders takes seconds; the warehouse's own limits, made for all loads, are wider.
        queue_timeout_seconds=300,
        statement_timeout_seconds=600,
    )
