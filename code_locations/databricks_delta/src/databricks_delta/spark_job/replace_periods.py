"""The script of the job: replaces periods of one table by the statement that Dagster Pipes hands it.

It runs on Databricks' own Python with `dagster-pipes` and nothing else of this project.
"""

import time

from dagster_pipes import (
    PipesCliArgsParamsLoader,
    PipesContext,
    PipesUnityCatalogVolumesContextLoader,
    PipesUnityCatalogVolumesMessageWriter,
    open_dagster_pipes,
)
from pyspark.sql import SparkSession


def replace_periods(pipes: PipesContext, spark: SparkSession) -> None:
    """Replace them, and report what was done; see `replacement` for what Pipes carries."""
    replacement = pipes.extras
    table = replacement["table"]
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    spark.sql(f"USE CATALOG `{replacement['catalog']}`")
    pipes.log.info(f"{table}: replacing {replacement['periods']} with Spark {spark.version}")
    started = time.perf_counter()
    spark.sql(replacement["statement"], args=replacement["parameters"])
    seconds = time.perf_counter() - started
    (rows,) = spark.sql(replacement["count"]).collect()[0]
    version = spark.sql(f"DESCRIBE HISTORY {table} LIMIT 1").collect()[0]["version"]
    pipes.log.info(f"{table}: {rows} rows in {replacement['periods']}, version {version}, {seconds:.1f} s")
    pipes.report_asset_materialization(
        metadata={
            "job_rows": rows,
            "job_delta_version": version,
            "job_seconds": seconds,
            "job_spark_version": spark.version,
        }
    )


if __name__ == "__main__":
    with open_dagster_pipes(
        params_loader=PipesCliArgsParamsLoader(),
        context_loader=PipesUnityCatalogVolumesContextLoader(),
        message_writer=PipesUnityCatalogVolumesMessageWriter(interval=2),
    ) as opened:
        replace_periods(opened, SparkSession.builder.getOrCreate())
