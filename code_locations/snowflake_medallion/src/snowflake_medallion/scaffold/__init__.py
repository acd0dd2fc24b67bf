"""What `dg scaffold defs` writes for a new domain in Snowflake."""
