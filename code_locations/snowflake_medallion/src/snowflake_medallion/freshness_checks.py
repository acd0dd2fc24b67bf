from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliResource
from dagster_dbt.asset_utils import DAGSTER_DBT_UNIQUE_ID_METADATA_KEY
from platform_contract.domain import Domain
from platform_runtime.pools import Pool

from snowflake_medallion.asset_keys import dbt_key_of, dbt_place
from snowflake_medallion.dbt_engine import DbtEngine
from snowflake_medallion.dbt_invocation import without_values

FRESHNESS = "source_freshness"
_SOURCES = "sources.json"


def freshness_checks(
    domain: Domain, manifest: Mapping[str, Any], engine: DbtEngine, dbt: DbtCliResource, only_warn: bool
) -> dg.AssetChecksDefinition:
    """A check for each dbt source of a domain that declares its freshness, run by `dbt source freshness`.

    Args:
        domain: whose sources.
        manifest: dbt's manifest.
        engine: where dbt runs.
        dbt: runs dbt.
        only_warn: let a stale source warn and never fail, for a machine to which nobody delivers files.
    """
    specs = {unique_id: _spec(manifest, unique_id) for unique_id in _sources_with_freshness(domain, manifest)}

    @dg.multi_asset_check(
        name=f"{domain}_source_freshness",
        specs=list(specs.values()),
        can_subset=True,
        # dbt opens the analytics file as its writer even to look at raw.
        pool=Pool.ANALYTICS_DUCKDB.value,
    )
    def source_freshness(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
        engine.check_ready()
        wanted = [unique_id for unique_id, spec in specs.items() if spec.key in context.selected_asset_check_keys]
        for result in _measure(dbt, engine, [_selector(manifest, unique_id) for unique_id in wanted]):
            yield _result(specs[result["unique_id"]], result, only_warn)

    return source_freshness


def _sources_with_freshness(domain: Domain, manifest: Mapping[str, Any]) -> list[str]:
    return [
        unique_id
        for unique_id, source in manifest["sources"].items()
        if dbt_place(source).domain == domain and _limits(source["freshness"])
    ]


def _limits(freshness: Mapping[str, Any] | None) -> list[str]:
    limits = freshness or {}
    return [name for name in ("warn_after", "error_after") if (limits.get(name) or {}).get("count") is not None]


def _spec(manifest: Mapping[str, Any], unique_id: str) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        FRESHNESS,
        asset=dbt_key_of(manifest, unique_id),
        description="Rows were loaded recently enough; the limits are in the dbt project's sources.",
        metadata={DAGSTER_DBT_UNIQUE_ID_METADATA_KEY: unique_id},
    )


def _selector(manifest: Mapping[str, Any], unique_id: str) -> str:
    source = manifest["sources"][unique_id]
    return f"source:{source['source_name']}.{source['name']}"


def _measure(dbt: DbtCliResource, engine: DbtEngine, selectors: list[str]) -> list[Mapping[str, Any]]:
    invocation = dbt.cli(["source", "freshness", "--select", " ".join(selectors)], raise_on_error=False).wait()
    if not (invocation.target_path / _SOURCES).is_file():
        missing = FileNotFoundError(f"dbt wrote no {_SOURCES} to {invocation.target_path}")
        raise engine.explained(invocation.get_error() or missing) from None
    return invocation.get_artifact(_SOURCES)["results"]


def _result(spec: dg.AssetCheckSpec, result: Mapping[str, Any], only_warn: bool) -> dg.AssetCheckResult:
    status = result["status"]
    warns = status == "warn" or (status == "error" and only_warn)
    return dg.AssetCheckResult(
        passed=status == "pass",
        asset_key=spec.asset_key,
        check_name=spec.name,
        severity=dg.AssetCheckSeverity.WARN if warns else dg.AssetCheckSeverity.ERROR,
        description=without_values(result.get("error") or "")
        or f"the last rows were loaded at {result['max_loaded_at']}",
        metadata={"status": status, **_age(result)},
    )


def _description(result: Mapping[str, Any]) -> str:
    error = result.get("error")
    return without_values(error) if error else f"the last rows were loaded at {result['max_loaded_at']}"


def _age(result: Mapping[str, Any]) -> dict[str, dg.MetadataValue]:
    if "max_loaded_at_time_ago_in_s" not in result:
        return {}
    return {
        "hours_since_load": dg.MetadataValue.float(round(result["max_loaded_at_time_ago_in_s"] / 3600, 2)),
        "limits": dg.MetadataValue.json({name: result["criteria"][name] for name in _limits(result["criteria"])}),
    }
