DATABRICKS_HOST = "dbc-rehearsal.cloud.databricks.com"
"""What DATABRICKS_SERVER_HOSTNAME is in a rehearsal."""

SNOWFLAKE_ACCOUNT = "rehearsal-platform"
"""What SNOWFLAKE_ACCOUNT is in a rehearsal."""

SNOWFLAKE_HOST = f"{SNOWFLAKE_ACCOUNT}.snowflakecomputing.com"
"""The host name that clients make of it."""
