from platform_infra.databricks.program import databricks_program

databricks_program()
