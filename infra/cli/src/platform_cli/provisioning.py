from platform_runtime.local_stores import provision_local_stores

from platform_cli.env_file import write_env_file
from platform_cli.workplace import Workplace


def provision(workplace: Workplace) -> None:
    """Make what every other command relies on: the deployment's local stores, and the `.env` that Dagster reads."""
    provision_local_stores(workplace.paths)
    write_env_file(workplace.checkout)
