import os
from collections.abc import Sequence

from platform_contract.demo_mode import default_demo_mode
from platform_contract.errors import ContractError
from platform_contract.settings import DATABRICKS_REQUIREMENTS, OBJECT_STORAGE_REQUIREMENTS, SNOWFLAKE_REQUIREMENTS

from platform_cli.doctor.check import Check
from platform_cli.doctor.deployment import CloudSettings, DeploymentNames, Engine
from platform_cli.doctor.machine import DiskSpace, FreePort
from platform_cli.doctor.stores import DagsterHome, LocalDatabases, LocalFolders, Telemetry
from platform_cli.doctor.tools import PythonVersion, UvTool
from platform_cli.workplace import Workplace


def laptop_checks(workplace: Workplace) -> Sequence[Check]:
    """What must be right on this machine, from the ground up."""
    return (
        PythonVersion(workplace.checkout),
        UvTool(workplace.checkout / ".local" / "tools" / "uv" / "bin" / "uv"),
        DiskSpace(workplace.paths.root, needed_gigabytes=2),
        FreePort(3000),
        DeploymentNames(workplace.deployment),
        Engine(workplace.deployment),
        LocalFolders(workplace.paths),
        LocalDatabases(workplace.paths),
        DagsterHome(workplace),
        Telemetry(workplace),
    )


def cloud_setting_checks() -> Sequence[Check]:
    """What the environment must hold when runs go to the cloud; nothing while they stay on this machine."""
    return (
        ()
        if _runs_here()
        else (
            CloudSettings("Snowflake", SNOWFLAKE_REQUIREMENTS),
            CloudSettings("Databricks", DATABRICKS_REQUIREMENTS),
            CloudSettings("object storage", OBJECT_STORAGE_REQUIREMENTS),
        )
    )


def _runs_here() -> bool:
    try:
        return default_demo_mode(os.environ)
    except ContractError:
        # The check of the engine reports that.
        return True
