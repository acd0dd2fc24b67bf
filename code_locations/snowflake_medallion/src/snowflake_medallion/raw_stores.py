from platform_contract.layer import Layer
from platform_contract.snowflake_names import LANDING_STAGE, Persona
from platform_runtime.platform_context import PlatformContext

from snowflake_medallion.raw_load import local_raw_store
from snowflake_medallion.raw_store import RawStore
from snowflake_medallion.snowflake_raw_store import SnowflakeRawStore


def raw_store_of(platform: PlatformContext) -> RawStore:
    """The raw store of the deployment on the engine that demo mode chooses."""
    if platform.demo_mode:
        return local_raw_store(platform.local_paths)
    names = platform.snowflake
    return SnowflakeRawStore(
        database=names.raw_database,
        schema_name=names.schema(Layer.RAW),
        stage=LANDING_STAGE,
        warehouse=names.layer_warehouse(Layer.RAW),
        role=names.role(Persona.LOADER),
    )
