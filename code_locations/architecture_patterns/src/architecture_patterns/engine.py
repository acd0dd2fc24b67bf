from pathlib import Path
from typing import override

from platform_runtime.files.landing import Landing, LocalLanding, ObjectStorageLanding
from platform_runtime.platform_context import PlatformContext

from architecture_patterns.pattern import Pattern
from architecture_patterns.production_settings import ProductionSettings
from architecture_patterns.warehouse.duckdb_warehouse import DuckDBWarehouse
from architecture_patterns.warehouse.snowflake_warehouse import SnowflakeWarehouse
from architecture_patterns.warehouse.warehouse import Warehouse


class PatternLanding(ObjectStorageLanding):
    """The landing folder of a deployment in object storage."""

    settings: ProductionSettings

    @override
    def root(self) -> str:
        return self.settings.storage().landing


def local_folder(pattern: Pattern, platform: PlatformContext) -> Path:
    """The folder of this machine that the pattern writes."""
    return platform.local_paths.patterns / pattern.value


def production_settings(pattern: Pattern, platform: PlatformContext) -> ProductionSettings:
    """What the pattern reads from the environment in production."""
    return ProductionSettings(pattern=pattern, deployment=platform.deployment.name)


def landing(pattern: Pattern, platform: PlatformContext) -> Landing:
    """Where the pattern's files arrive: a folder of this machine, or one in object storage."""
    if platform.demo_mode:
        return LocalLanding(path=str(platform.local_paths.landing))
    return PatternLanding(settings=production_settings(pattern, platform))


def warehouse(pattern: Pattern, platform: PlatformContext, domain: str) -> Warehouse:
    """The pattern's warehouse: a DuckDB file of its own, or the schemas of a domain in Snowflake."""
    if platform.demo_mode:
        return DuckDBWarehouse(path=str(local_folder(pattern, platform) / "warehouse.duckdb"))
    return SnowflakeWarehouse(settings=production_settings(pattern, platform), beside=domain)


def warehouse_kind(platform: PlatformContext) -> str:
    """The warehouse's badge in the UI."""
    return "duckdb" if platform.demo_mode else "snowflake"
