from collections.abc import Iterator
from pathlib import Path

import dagster as dg
from platform_contract.domain import Domain

from snowflake_medallion.components.medallion_component import MedallionComponent
from snowflake_medallion.raw_table import RawTable


def declared_raw_tables(package: Path) -> Iterator[tuple[Domain, list[RawTable]]]:
    """The raw tables of each domain that the location's `defs.yaml` files declare; nothing of dbt is looked at.

    Args:
        package: the folder of the location's package, which holds `defs/`.

    Raises:
        ContractError: when a declared domain is none, or the environment names no legal deployment.
        DagsterInvalidDefinitionError: when a table cannot be as it is declared.
    """
    for component in dg.ComponentTree.for_project(package).get_all_components(of_type=MedallionComponent):
        yield component.domain, component.raw_tables
