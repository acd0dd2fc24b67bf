"""The script of the job, as far as it can be judged without Spark."""

import ast
import sys

from databricks_delta.spark_job.job_script import SCRIPT

# Of Databricks' serverless environment 4.
PYTHON = (3, 12)


def test_the_script_needs_what_the_job_has_and_nothing_of_this_project() -> None:
    tree = ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=PYTHON)
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    packages = {name.partition(".")[0] for name in imported}
    assert packages - sys.stdlib_module_names == {"dagster_pipes", "pyspark"}
