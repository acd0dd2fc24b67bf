from platform_infra.snowflake.program import snowflake_program

snowflake_program()
