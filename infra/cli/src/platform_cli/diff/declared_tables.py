import json
from pathlib import Path

import databricks_delta
from databricks_delta.declaration.declared_lakehouses import declared_lakehouses
from platform_contract.layer import Layer
from snowflake_medallion.gold_keys import gold_keys

from platform_cli.diff.compare import DeclaredTable

LAKEHOUSES = Path(databricks_delta.__path__[0])
"""The package that declares the lakehouses."""


def lakehouse_tables() -> dict[str, DeclaredTable]:
    """The gold tables of every declared lakehouse, each with the columns that its `unique` check names."""
    return {
        table.name: DeclaredTable(f"{lakehouse.domain}/{Layer.GOLD}/{table.name}", table.key)
        for lakehouse in declared_lakehouses(LAKEHOUSES)
        for table in lakehouse.tables
        if table.layer is Layer.GOLD
    }


def shop_tables(manifest: Path) -> dict[str, DeclaredTable]:
    """The gold tables of the dbt project, each with the primary key of its contract."""
    keys = gold_keys(json.loads(manifest.read_text(encoding="utf-8")))
    return {table: DeclaredTable(f"shop/{table}", key) for table, key in keys.items()}
