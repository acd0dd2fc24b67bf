import hashlib
import json

from databricks_delta.lakehouse.statement import Statement


def code_version(statement: Statement) -> str:
    """Changes with the SQL and with the values of its parameters, so that Dagster shows what is out of date."""
    used = {name: statement.parameters.get(name) for name in sorted(statement.parameters_named)}
    return hashlib.sha256(json.dumps([statement.sql, used]).encode()).hexdigest()[:12]
