import json
from pathlib import Path

import databricks_delta
from databricks_delta.components.declared_blueprints import declared_blueprints
from platform_contract.domain import Domain
from platform_contract.layer import Layer
from snowflake_medallion.dbt_marks import gold_marks
from snowflake_medallion.gold_keys import gold_keys

from platform_cli.diff.compare import DeclaredTable

LAKEHOUSES = Path(databricks_delta.__path__[0])
"""The package that declares the lakehouses."""


def lakehouse_tables(package: Path, domain: Domain) -> dict[str, DeclaredTable]:
    """The gold tables of a domain's lakehouses, each with the columns that its `unique` check names, and its marks.

    Args:
        package: the folder of the location's package.
        domain: whose.
    """
    return {
        table.name: DeclaredTable(f"{blueprint.domain}/{Layer.GOLD}/{table.name}", blueprint.key(name), table.marks)
        for blueprint in declared_blueprints(package)
        if blueprint.domain == domain
        for name, table in blueprint.tables.items()
        if table.layer is Layer.GOLD
    }


def warehouse_tables(manifest: Path, domain: Domain) -> dict[str, DeclaredTable]:
    """The gold tables that the dbt project builds of a domain, each with its contract's primary key, and its marks.

    Args:
        manifest: the project's.
        domain: whose.
    """
    project = json.loads(manifest.read_text(encoding="utf-8"))
    marks, keys = gold_marks(project, domain), gold_keys(project, domain)
    return {table: DeclaredTable(f"{domain}/{table}", key, marks[table]) for table, key in keys.items()}
