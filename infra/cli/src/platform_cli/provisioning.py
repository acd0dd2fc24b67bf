import duckdb
from platform_contract.errors import ContractError
from platform_runtime.local_stores import provision_dagster_home, provision_local_stores

from platform_cli.env_file import write_env_file
from platform_cli.workplace import Workplace


def provision(workplace: Workplace) -> None:
    """Make what every other command relies on: the deployment's local stores, and the `.env` that Dagster reads.

    Raises:
        ContractError: while another process has one of the databases open; DuckDB allows one writer and nobody beside.
    """
    try:
        provision_local_stores(workplace.paths)
    except duckdb.IOException as error:
        raise ContractError(f"a database is in use: {error}. Wait until that process is done, or stop it") from None
    write_env_file(workplace.checkout)


def provision_home(workplace: Workplace) -> None:
    """Make the deployment's Dagster home alone, for runs of this machine whose data is in the cloud."""
    provision_dagster_home(workplace.paths.dagster_home)
