from platform_contract.local_paths import LocalPaths
from platform_runtime.platform_context import PlatformContext

from snowflake_medallion.landing import Landing
from snowflake_medallion.local_landing import LocalLanding
from snowflake_medallion.object_storage_landing import ObjectStorageLanding
from snowflake_medallion.raw_table import SHOP


def landing_of(platform: PlatformContext) -> Landing:
    """Where files of the shop arrive for the deployment, as demo mode chooses: on this machine or in object storage."""
    paths = platform.local_paths
    return local_landing(paths) if platform.demo_mode else ObjectStorageLanding(platform.deployment, paths.scratch)


def local_landing(paths: LocalPaths) -> LocalLanding:
    """The shop's landing folder of a deployment on this machine."""
    return LocalLanding(paths.landing / SHOP)
