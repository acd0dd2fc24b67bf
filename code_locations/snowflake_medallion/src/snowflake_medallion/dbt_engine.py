import os
from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import override

from platform_contract.dbt_environment import duckdb_environment, snowflake_environment
from platform_contract.deployment import Deployment
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.local_paths import LocalPaths
from platform_contract.settings import SNOWFLAKE_REQUIREMENTS, require_settings
from platform_contract.snowflake_names import SnowflakeNames
from platform_runtime.platform_context import PlatformContext
from platform_runtime.snowflake_failure import snowflake_failure
from platform_runtime.snowflake_identity import identity_environment
from platform_runtime.snowflake_key import private_key_der

from snowflake_medallion.duckdb_access import PATIENCE_SECONDS, connect_to_read, connect_to_write


class DbtEngine(ABC):
    """Where the dbt project runs for one deployment."""

    @property
    @abstractmethod
    def deployment(self) -> Deployment:
        """Whose names those are."""

    @property
    @abstractmethod
    def target(self) -> str:
        """The target in the dbt project's `profiles.yml`, also the name of its adapter."""

    @property
    @abstractmethod
    def environment(self) -> dict[str, str]:
        """The names that `profiles.yml` and `dbt_project.yml` read; no credential."""

    @property
    @abstractmethod
    def signs_in(self) -> bool:
        """Whether a dbt process has to say who it is."""

    @property
    @abstractmethod
    def state(self) -> Path:
        """The folder for manifests and run results."""

    @property
    @abstractmethod
    def lets_others_read(self) -> bool:
        """Whether a table can be looked at while a dbt process is at work on others."""

    @abstractmethod
    def check_ready(self) -> None:
        """Raise, with the fix, where dbt could only fail."""

    @abstractmethod
    def explained(self, error: Exception) -> Exception:
        """What to raise for an error of dbt, the fix in its first line where the engine's errors have one."""

    @abstractmethod
    def release(self) -> None:
        """Close what this process opened to look at the results of a dbt process."""


@dataclass(frozen=True, slots=True)
class DuckDBEngine(DbtEngine):
    """The DuckDB files of a deployment on this machine."""

    paths: LocalPaths
    patience_seconds: float

    @property
    @override
    def deployment(self) -> Deployment:
        """The deployment of the paths."""
        return self.paths.deployment

    @property
    @override
    def target(self) -> str:
        """`duckdb`."""
        return "duckdb"

    @property
    @override
    def environment(self) -> dict[str, str]:
        """The paths of both files."""
        return duckdb_environment(self.paths)

    @property
    @override
    def signs_in(self) -> bool:
        """No: whoever may read the files may use them."""
        return False

    @property
    @override
    def state(self) -> Path:
        """The deployment's own folder for dbt."""
        return self.paths.dbt_state

    @property
    @override
    def lets_others_read(self) -> bool:
        """No: who writes a DuckDB file has it alone."""
        return False

    @override
    def check_ready(self) -> None:
        """Wait until both files are free.

        Raises:
            FileNotFoundError: when nothing has been loaded yet.
            DatabaseBusyError: when another process keeps one of them open.
        """
        raw = self.paths.raw_database
        if not raw.is_file():
            raise FileNotFoundError(f"{raw} is not there yet: materialise the raw assets, or run `platform land`")
        connect_to_read(raw, self.patience_seconds).close()
        connect_to_write(self.paths.analytics_database, self.patience_seconds).close()

    @override
    def explained(self, error: Exception) -> Exception:
        """The error as it is: DuckDB's own words are about the SQL."""
        return error

    @override
    def release(self) -> None:
        """Close the files: the adapter that counts rows here would keep them open, and nobody could write them."""
        # Only known once dbt has been used in this process.
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager  # noqa: PLC0415

        if DuckDBConnectionManager._ENV is not None:
            DuckDBConnectionManager.env().close()


@dataclass(frozen=True, slots=True)
class SnowflakeEngine(DbtEngine):
    """A deployment in Snowflake; account and credential are read from the environment when dbt runs."""

    names: SnowflakeNames
    folder: Path

    @property
    @override
    def deployment(self) -> Deployment:
        """The deployment of the names."""
        return self.names.deployment

    @property
    @override
    def target(self) -> str:
        """`snowflake`."""
        return "snowflake"

    @property
    @override
    def environment(self) -> dict[str, str]:
        """Databases, role and warehouses."""
        return snowflake_environment(self.names)

    @property
    @override
    def signs_in(self) -> bool:
        """Yes."""
        return True

    @property
    @override
    def state(self) -> Path:
        """The deployment's own folder for dbt."""
        return self.folder

    @property
    @override
    def lets_others_read(self) -> bool:
        """Yes."""
        return True

    @override
    def check_ready(self) -> None:
        """Look for account and credential.

        Raises:
            MissingSettingsError: naming every setting that the environment lacks.
            ContractError: when the private key cannot be read, or there is no token where one is needed.
        """
        settings = require_settings(os.environ, SNOWFLAKE_REQUIREMENTS, "dbt on Snowflake")
        if EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY in settings:
            passphrase = os.environ.get(EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY_PASSPHRASE, "")
            private_key_der(settings[EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY], passphrase)
        identity_environment(os.environ)

    @override
    def explained(self, error: Exception) -> Exception:
        """A failure whose first line says what to do about Snowflake's error."""
        return snowflake_failure("dbt on Snowflake", str(error))

    @override
    def release(self) -> None:
        """Nothing to do: a session that stays open keeps nobody out."""


def dbt_engine(platform: PlatformContext) -> DbtEngine:
    """The engine that demo mode chooses for the deployment."""
    paths = platform.local_paths
    if platform.demo_mode:
        return DuckDBEngine(paths, PATIENCE_SECONDS)
    return SnowflakeEngine(platform.snowflake, paths.dbt_state)
