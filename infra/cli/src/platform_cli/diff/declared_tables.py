import json
from pathlib import Path

import databricks_delta
from databricks_delta.components.declared_blueprints import declared_blueprints
from platform_contract.layer import Layer
from snowflake_medallion.dbt_marks import gold_marks
from snowflake_medallion.gold_keys import gold_keys

from platform_cli.diff.compare import DeclaredTable

LAKEHOUSES = Path(databricks_delta.__path__[0])
"""The package that declares the lakehouses."""


def lakehouse_tables(package: Path) -> dict[str, DeclaredTable]:
    """The gold tables of every declared lakehouse, each with the columns that its `unique` check names, and its marks.

    Args:
        package: the folder of the location's package.
    """
    return {
        table.name: DeclaredTable(f"{blueprint.domain}/{Layer.GOLD}/{table.name}", blueprint.key(name), table.marks)
        for blueprint in declared_blueprints(package)
        for name, table in blueprint.tables.items()
        if table.layer is Layer.GOLD
    }


def shop_tables(manifest: Path) -> dict[str, DeclaredTable]:
    """The gold tables of the dbt project, each with the primary key of its contract, and its marks."""
    project = json.loads(manifest.read_text(encoding="utf-8"))
    marks = gold_marks(project)
    return {table: DeclaredTable(f"shop/{table}", key, marks[table]) for table, key in gold_keys(project).items()}
