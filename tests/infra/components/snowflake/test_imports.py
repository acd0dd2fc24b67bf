import subprocess
import sys

import pytest

_PROBE = """
import sys
import platform_infra.snowflake.plan, platform_infra.snowflake.description, platform_infra.snowflake.guardrails.rules
print(sorted({"pulumi_snowflake", "pulumi_databricks", "dagster"} & sys.modules.keys()))
import platform_infra.snowflake.program
print(sorted({"pulumi_snowflake", "pulumi_databricks", "dagster"} & sys.modules.keys()))
"""


@pytest.mark.slow
def test_reports_read_the_plan_without_any_provider_sdk_and_the_program_loads_its_own_alone() -> None:
    done = subprocess.run([sys.executable, "-c", _PROBE], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.splitlines() == ["[]", "['pulumi_snowflake']"]
