"""The stores of one deployment on this machine: DuckDB files and schemas, Delta roots, landing folder, Dagster home."""

from platform_infra.guardrails.guarded_program import run_guarded
from platform_infra.local.program import local_platform

run_guarded(local_platform, guardrails=[])
