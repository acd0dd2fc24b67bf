"""Load a pattern from its own YAML, run it, and read what Dagster recorded."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import architecture_patterns
import dagster as dg
from dagster.components.testing import create_defs_folder_sandbox

DEFS = Path(architecture_patterns.__file__).parent / "defs"


@dataclass(frozen=True)
class PatternRun:
    """What one run recorded, by name of the table or check, and the messages of what went wrong."""

    success: bool
    metadata: dict[str, dict[str, Any]]
    checks: dict[str, bool]
    errors: str

    @property
    def row_counts(self) -> dict[str, int]:
        return {table: metadata["dagster/row_count"] for table, metadata in self.metadata.items()}


type FirstRun = Callable[[str], PatternRun]


def run(defs: dg.Definitions, instance: dg.DagsterInstance | None = None) -> PatternRun:
    """Materialise and check everything in one process."""
    result = defs.resolve_implicit_global_asset_job_def().execute_in_process(instance=instance, raise_on_error=False)
    materialised = [event.materialization for event in result.all_events if event.is_step_materialization]
    return PatternRun(
        success=result.success,
        metadata={
            _name(event.asset_key): {name: value.value for name, value in event.metadata.items()}
            for event in materialised
            if event.asset_key
        },
        checks={f"{_name(check.asset_key)}.{check.check_name}": check.passed for check in _evaluations(result)},
        errors="\n".join(_messages(result)),
    )


def check_result(check: dg.AssetsDefinition, **resources: dg.ConfigurableResource) -> dg.AssetCheckResult:
    """What a check says when it is called with these resources."""
    result = check(**resources)
    assert isinstance(result, dg.AssetCheckResult)
    return result


def _name(key: dg.AssetKey) -> str:
    return "/".join(key.path[1:])


def _evaluations(result: dg.ExecuteInProcessResult) -> list[Any]:
    return [
        event.asset_check_evaluation_data
        for event in result.all_events
        if event.event_type_value == "ASSET_CHECK_EVALUATION"
    ]


def _messages(result: dg.ExecuteInProcessResult) -> Iterator[str]:
    for event in result.all_events:
        error = getattr(event.event_specific_data, "error", None)
        while error is not None:
            yield error.message
            error = error.cause


@contextmanager
def pattern_defs(pattern: str, changes: Mapping[str, str]) -> Iterator[dg.Definitions]:
    """The definitions of one pattern from a copy of its folder, after replacing text in its defs.yaml."""
    with create_defs_folder_sandbox() as sandbox:
        folder = sandbox.defs_folder_path / pattern
        shutil.copytree(DEFS / pattern, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
        declared = (folder / "defs.yaml").read_text(encoding="utf-8")
        for old, new in changes.items():
            assert declared.count(old) == 1, f"{old!r} is not once in {pattern}/defs.yaml"
            declared = declared.replace(old, new)
        (folder / "defs.yaml").write_text(declared, encoding="utf-8")
        with sandbox.load_component_and_build_defs(defs_path=folder) as (_, defs):
            yield defs


def run_pattern(pattern: str, changes: Mapping[str, str] | None = None) -> PatternRun:
    """Run one pattern as its defs.yaml declares it, or with changes to that."""
    with pattern_defs(pattern, changes or {}) as defs:
        return run(defs)
