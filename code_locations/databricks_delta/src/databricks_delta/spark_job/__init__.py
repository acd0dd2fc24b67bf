"""A table computed by a serverless job of Databricks, through Dagster Pipes."""
