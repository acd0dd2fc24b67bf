from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
from platform_contract.errors import ContractError
from platform_runtime.platform_context import PlatformContext

from platform_cli.demo.changed_assets import with_dependants
from platform_cli.demo.code_location import LoadedLocation
from platform_cli.demo.code_versions import changed_tables
from platform_cli.demo.run_plan import plan_runs
from platform_cli.published_code import MANIFEST, read_code_versions
from platform_cli.workplace import Workplace

_DBT_NODE = "dagster_dbt/unique_id"


@dataclass(frozen=True, slots=True)
class AssetRun:
    """A run of some assets and checks of a job, and the tags that say for which partitions."""

    assets: frozenset[dg.AssetKey]
    checks: frozenset[dg.AssetCheckKey]
    tags: dict[str, str]


def runs_of_changes(location: LoadedLocation, job: str, workplace: Workplace, published: Path) -> list[AssetRun]:
    """The runs of a job that build what is not as published and all that depends on it, over every partition.

    What differs is told by dbt for its project, and by the code versions for all else. Nothing is signed in to.

    Args:
        location: loaded from the code of the change.
        job: one of its jobs.
        workplace: of the deployment in which it is built.
        published: the folder with what production published; for what is not in it, everything is built.

    Raises:
        ContractError: when the location has no such job, or a table cannot have all partitions in one run.
        DbtParseError: when dbt refuses the project.
    """
    if not location.repository.has_job(job):
        raise ContractError(f"{location.name} has no job {job} in {workplace.deployment}")
    of_job = location.repository.get_job(job).asset_layer
    assets, checks = _changed(location, workplace, published)
    assets, checks = assets & set(of_job.executable_asset_keys), checks & of_job.asset_graph.asset_check_keys
    with dg.DagsterInstance.ephemeral() as instance:
        plans = plan_runs(location.asset_graph, assets, instance)
    runs = [AssetRun(plan.asset_keys, _on(checks, plan.asset_keys), plan.tags) for plan in plans]
    return _with(runs, checks - _on(checks, assets))


def _changed(
    location: LoadedLocation, workplace: Workplace, published: Path
) -> tuple[AbstractSet[dg.AssetKey], AbstractSet[dg.AssetCheckKey]]:
    """Assets, and checks: those on the assets, and those that have changed themselves."""
    graph = location.asset_graph
    if location.dbt_manifest is None:
        versions = read_code_versions(published)
        if versions is None:
            return graph.materializable_asset_keys, graph.asset_check_keys
        assets = with_dependants(graph, changed_tables(location.code_versions, versions))
        return assets, _on(graph.asset_check_keys, assets)
    if not (published / MANIFEST).is_file():
        return graph.materializable_asset_keys, graph.asset_check_keys
    nodes = _changed_nodes(workplace, published)
    assets = {key for key in graph.materializable_asset_keys if graph.get(key).metadata.get(_DBT_NODE) in nodes}
    checks = {key for key in graph.asset_check_keys if graph.get_check_spec(key).metadata.get(_DBT_NODE) in nodes}
    return assets, checks | _on(graph.asset_check_keys, assets)


def _with(runs: list[AssetRun], checks: AbstractSet[dg.AssetCheckKey]) -> list[AssetRun]:
    """The runs, with checks that look at tables as they were cloned: when all else is built, or alone."""
    if not checks:
        return runs
    *others, last = runs or [AssetRun(frozenset(), frozenset(), {})]
    return [*others, AssetRun(last.assets, last.checks | checks, last.tags)]


def _changed_nodes(workplace: Workplace, published: Path) -> frozenset[str]:
    from snowflake_medallion.dbt_engine import dbt_engine  # noqa: PLC0415 - imports dbt
    from snowflake_medallion.medallion_project import MedallionProject  # noqa: PLC0415
    from snowflake_medallion.slim_build import changed_nodes  # noqa: PLC0415

    platform = PlatformContext(workplace.deployment, demo_mode=False)
    return changed_nodes(MedallionProject(workplace.checkout / "dbt_project", dbt_engine(platform)), published)


def _on(checks: AbstractSet[dg.AssetCheckKey], assets: AbstractSet[dg.AssetKey]) -> frozenset[dg.AssetCheckKey]:
    return frozenset(check for check in checks if check.asset_key in assets)
