"""The Databricks side of a deployment. Settings, tables and plan import no provider SDK; the components do."""
