"""What no Snowflake program may declare, one rule a file."""
