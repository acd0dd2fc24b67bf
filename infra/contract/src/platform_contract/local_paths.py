from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from platform_contract.deployment import Deployment
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.errors import ContractError

_WORKSPACE_MARKER = "workspace.yaml"


@dataclass(frozen=True, slots=True)
class LocalPaths:
    """Where one deployment keeps its data on this machine; two deployments share nothing but the parent folder."""

    root: Path
    deployment: Deployment

    @property
    def home(self) -> Path:
        """The folder that holds all of this deployment, and nothing of another."""
        return self.root / self.deployment.name

    @property
    def lakehouse(self) -> Path:
        """Delta tables: `<lakehouse>/<schema>/<table>`."""
        return self.home / "lakehouse"

    @property
    def raw_database(self) -> Path:
        """The DuckDB file that raw loads write; its name is the database's name in SQL."""
        return self.home / "warehouse" / "raw.duckdb"

    @property
    def analytics_database(self) -> Path:
        """The DuckDB file that dbt writes."""
        return self.home / "warehouse" / "analytics.duckdb"

    @property
    def landing(self) -> Path:
        """Files as they arrive, a folder for each source."""
        return self.home / "landing"

    @property
    def patterns(self) -> Path:
        """What the architecture patterns write, a folder for each pattern."""
        return self.home / "patterns"

    @property
    def dagster_home(self) -> Path:
        """Runs, events and schedules of this deployment."""
        return self.home / "dagster"

    @property
    def dbt_state(self) -> Path:
        """dbt's manifest, run results and logs."""
        return self.home / "dbt"

    @property
    def published(self) -> Path:
        """What the code was that the tables were built by, for a change to be compared with."""
        return self.home / "published"

    @property
    def scratch(self) -> Path:
        """Spill files of DuckDB; emptied at will."""
        return self.home / "scratch"

    @property
    def logs(self) -> Path:
        """What the processes of the demo print, a file for each code location."""
        return self.home / "logs"

    @property
    def demo_lock(self) -> Path:
        """The file that a running demo holds locked."""
        return self.home / "demo.lock"

    def delta_table(self, schema: str, table: str) -> Path:
        """The folder of one Delta table; its schema is that of a domain's layer."""
        return self.lakehouse / schema / table


def local_root(environ: Mapping[str, str], start: Path) -> Path:
    """The folder that holds a folder for each deployment: PLATFORM_LOCAL_ROOT, else `.local` of the checkout.

    Args:
        environ: the process environment.
        start: a folder of the checkout, usually the working directory or a module's own folder.

    Raises:
        ContractError: when `start` is in no checkout and nothing else says where to write.
    """
    stated = environ.get(EnvironmentVariable.PLATFORM_LOCAL_ROOT, "")
    return Path(stated).expanduser().absolute() if stated else checkout(start) / ".local"


def checkout(start: Path) -> Path:
    """The root of the repository that `start` lies in.

    Raises:
        ContractError: when no folder above `start` is one.
    """
    for folder in (start, *start.parents):
        if (folder / _WORKSPACE_MARKER).is_file() and (folder / "dbt_project").is_dir():
            return folder
    raise ContractError(
        f"{start} is not inside a checkout of the platform (no {_WORKSPACE_MARKER} beside dbt_project above it): "
        f"run from the checkout, or set {EnvironmentVariable.PLATFORM_LOCAL_ROOT}"
    )
