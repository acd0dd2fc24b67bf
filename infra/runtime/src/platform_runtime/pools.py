from enum import StrEnum


class Pool(StrEnum):
    """A concurrency pool; each has one slot (`concurrency.pools` in dagster.yaml), at the granularity of an op."""

    RAW_DUCKDB = "raw_duckdb"
    ANALYTICS_DUCKDB = "analytics_duckdb"
    ETL_PIPELINE = "etl_pipeline"
    ELT_PIPELINE = "elt_pipeline"
    LAKEHOUSE_PIPELINE = "lakehouse_pipeline"
