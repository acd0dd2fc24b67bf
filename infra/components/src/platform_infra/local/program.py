import os
from collections.abc import Mapping
from pathlib import Path

import pulumi
from platform_contract.local_paths import LocalPaths, local_root

from platform_infra.local.local_settings import LocalSettings
from platform_infra.local.local_stores import LocalStores, LocalStoresArgs
from platform_infra.stack_settings.stack_config import stack_config
from platform_infra.stack_settings.stack_deployment import stack_deployment
from platform_infra.stack_settings.typed_settings import read_settings


def local_platform() -> Mapping[str, pulumi.Output[str] | str]:
    """Declare the local stores of the stack's deployment; any deployment has some, `pr-7` as well as `local`.

    Raises:
        StackSettingsError: for a stack that is no deployment, or a setting that is unknown or wrong.
        ContractError: outside a checkout, when PLATFORM_LOCAL_ROOT is not set either.
    """
    deployment = stack_deployment(pulumi.get_stack())
    project = pulumi.get_project()
    settings = read_settings(LocalSettings, stack_config(project), project)
    paths = LocalPaths(local_root(os.environ, Path.cwd()), deployment)
    stores = LocalStores("home", LocalStoresArgs(paths, settings.delete_data), None)
    return {
        "home": stores.home.path,
        "dagster_home": stores.dagster_home.path,
        "raw_database": stores.databases[paths.raw_database.stem].path,
        "analytics_database": stores.databases[paths.analytics_database.stem].path,
        "next": f"PLATFORM_DEPLOYMENT={deployment} make demo",
    }
