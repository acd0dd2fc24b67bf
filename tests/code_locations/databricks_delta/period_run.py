"""A program that materialises the silver tables of one month, each step in a process of its own.

Its only argument is the month. It exits with 1 when the run fails.
"""

import sys

import dagster as dg
from dagster._core.definitions.reconstruct import ReconstructableJob, ReconstructableRepository

_NAMES = ("weather_readings", "weather_readings_rejected")
_SILVER = frozenset(dg.AssetKey(["weather", "silver", name]) for name in _NAMES)


def _run(month: str) -> bool:
    location = ReconstructableRepository.for_module("databricks_delta.definitions", "defs")
    job = ReconstructableJob(location, "__ASSET_JOB").get_subset(
        asset_selection=_SILVER, asset_check_selection=frozenset()
    )
    with (
        dg.DagsterInstance.get() as instance,
        dg.execute_job(
            job,
            instance,
            tags={"dagster/partition": month},
            run_config={"execution": {"config": {"multiprocess": {"max_concurrent": 2}}}},
        ) as result,
    ):
        return result.success


if __name__ == "__main__":
    sys.exit(0 if _run(sys.argv[1]) else 1)
