from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.rehearsal.databricks.client import Client, connect

if TYPE_CHECKING:
    from tests.fakes.databricks_workspace.workspace import Workspace

CATALOG = "platform_test"


@pytest.fixture(scope="package")
def declared(databricks_workspace: "Workspace") -> Iterator[None]:
    """A catalog as infrastructure declares it: two schemas for tables, one with volumes."""
    lakehouse = databricks_workspace.lakehouse
    lakehouse.create_catalog(CATALOG, None)
    for schema in ("bronze", "silver", "ops"):
        lakehouse.create_schema(CATALOG, schema)
    for volume in ("code", "landing"):
        lakehouse.create_volume(CATALOG, "ops", volume)
    yield
    lakehouse.drop_catalog(CATALOG)


@pytest.fixture
def warehouse(databricks: "Workspace", declared: None) -> Iterator[Client]:
    """A session of the real connector in that catalog, with few retries and short waits."""
    with connect(databricks, CATALOG) as client:
        yield client
