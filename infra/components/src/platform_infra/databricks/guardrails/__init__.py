"""The rules that only Databricks needs, beside those of every program."""
