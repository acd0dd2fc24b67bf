from platform_contract.domain import Domain
from platform_contract.local_paths import LocalPaths
from platform_runtime.platform_context import PlatformContext

from snowflake_medallion.landing import Landing
from snowflake_medallion.local_landing import LocalLanding
from snowflake_medallion.object_storage_landing import ObjectStorageLanding


def landing_of(platform: PlatformContext, domain: Domain) -> Landing:
    """Where a domain's files arrive for the deployment, as demo mode chooses: on this machine or in object storage."""
    paths = platform.local_paths
    if platform.demo_mode:
        return local_landing(paths, domain)
    return ObjectStorageLanding(domain, platform.deployment, paths.scratch)


def local_landing(paths: LocalPaths, domain: Domain) -> LocalLanding:
    """The landing folder of a domain in a deployment on this machine."""
    return LocalLanding(paths.landing / domain.name)
