import json

from databricks_delta.lakehouse.table import LakehouseTable

DECLARED_COLUMNS = "platform.declaredColumns"
"""Table property: whether each column may be null, by name, as it was declared when the table was last brought in line.

It tells a column that someone dropped from one that is new in the declaration.
"""


def declared_properties(table: LakehouseTable) -> dict[str, str]:
    """The table's properties, our memory of its declaration among them."""
    columns = {column.name: column.nullable for column in table.columns}
    return {**table.properties, DECLARED_COLUMNS: json.dumps(columns)}
