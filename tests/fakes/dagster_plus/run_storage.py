"""Runs as Dagster+ keeps them: made when they are launched, with what was chosen of the job; executed from there."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dagster import AssetCheckKey, AssetKey, DagsterInstance, DagsterRun
from dagster._core.definitions.selector import JobSubsetSelector
from dagster._core.instance.ref import InstanceRef
from dagster._grpc.types import ExecuteRunArgs
from dagster._serdes import serialize_value

from tests.fakes.dagster_plus.code_server import CodeServer


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a client wants to run: a job, what of its assets and checks (None: all), and the run's own tags."""

    job: str
    assets: frozenset[AssetKey] | None
    checks: frozenset[AssetCheckKey] | None
    tags: Mapping[str, str]


def wanted(execution: Mapping[str, Any]) -> Wanted:
    """What the execution parameters of a launch say."""
    selector = execution["selector"]
    assets, checks = selector.get("assetSelection"), selector.get("assetCheckSelection")
    sent = (execution.get("executionMetadata") or {}).get("tags") or []
    return Wanted(
        selector["jobName"],
        None if assets is None else frozenset(AssetKey(one["path"]) for one in assets),
        None
        if checks is None
        else frozenset(AssetCheckKey(AssetKey(c["assetKey"]["path"]), c["name"]) for c in checks),
        {tag["key"]: tag["value"] for tag in sent},
    )


def create_run(home: Path, server: CodeServer, wanted: Wanted) -> DagsterRun:
    """Put a run into the deployment's storage, as the code server resolves what is wanted of the job.

    Raises:
        DagsterError: when the job has not all that is chosen of it.
    """
    location = server.load()
    (repository,) = location.get_repositories().values()
    selector = JobSubsetSelector(
        location.name,
        repository.name,
        wanted.job,
        None,
        asset_selection=wanted.assets,
        asset_check_selection=wanted.checks,
    )
    job = location.get_job(selector)
    with DagsterInstance.from_config(str(home)) as instance:
        plan = location.get_execution_plan(job, {}, None, None, instance).execution_plan_snapshot
        return instance.create_run(
            job_name=job.name,
            run_id=None,
            run_config={},
            status=None,
            tags={**job.run_tags, **wanted.tags},
            root_run_id=None,
            parent_run_id=None,
            step_keys_to_execute=plan.step_keys_to_execute,
            execution_plan_snapshot=plan,
            job_snapshot=job.job_snapshot,
            parent_job_snapshot=job.parent_job_snapshot,
            asset_selection=wanted.assets,
            asset_check_selection=wanted.checks,
            resolved_op_selection=job.resolved_op_selection,
            op_selection=None,
            remote_job_origin=job.get_remote_origin(),
            job_code_origin=job.get_python_origin(),
            asset_graph=repository.asset_graph,
        )


def execute_run_command(home: Path, run_id: str) -> list[str]:
    """What an agent has a run's pod do: `dagster` with these words."""
    with DagsterInstance.from_config(str(home)) as instance:
        run = instance.get_run_by_id(run_id)
    assert run is not None
    assert run.job_code_origin is not None
    arguments = ExecuteRunArgs(
        run.job_code_origin, run_id, InstanceRef.from_dir(str(home)), set_exit_code_on_failure=True
    )
    return ["api", "execute_run", serialize_value(arguments)]
