import subprocess
import sys

import pytest


def loaded_by(module: str) -> set[str]:
    listing = f"import {module}, sys; print(*sys.modules, sep='\\n')"
    ended = subprocess.run([sys.executable, "-c", listing], capture_output=True, text=True, check=True)
    return set(ended.stdout.split())


@pytest.mark.slow
def test_the_program_imports_one_provider_sdk_and_not_the_other() -> None:
    loaded = loaded_by("platform_infra.databricks.program")
    assert "pulumi_databricks" in loaded
    assert not {"pulumi_snowflake", "duckdb", "dagster"} & loaded


@pytest.mark.slow
@pytest.mark.parametrize("module", ["plan", "settings", "description", "next_steps", "guardrails.rules"])
def test_what_other_commands_read_imports_no_provider_sdk(module: str) -> None:
    loaded = loaded_by(f"platform_infra.databricks.{module}")
    assert not {"pulumi_databricks", "pulumi_snowflake"} & loaded
