from enum import StrEnum


class RunsOn(StrEnum):
    """What computes a table in Databricks; on a laptop the same SELECT runs where all others do."""

    SQL_WAREHOUSE = "sql_warehouse"
    SPARK_JOB = "spark_job"
