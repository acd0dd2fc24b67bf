import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from platform_contract.deployment import pull_request

from tests.code_locations.databricks_delta.lakehouse.databricks.on_databricks import IMPATIENT, OnDatabricks

if TYPE_CHECKING:
    from tests.fakes.databricks_workspace.workspace import Workspace

_NUMBERS = itertools.count(7001)


@pytest.fixture
def on_databricks(databricks: "Workspace", monkeypatch: pytest.MonkeyPatch) -> Iterator[OnDatabricks]:
    """A catalog of the test's own, and an environment that signs in."""
    found = OnDatabricks(databricks, pull_request(next(_NUMBERS)), IMPATIENT)
    found.declare()
    for name, value in found.environment().items():
        monkeypatch.setenv(name, value)
    yield found
    databricks.failures.clear()
    databricks.lakehouse.drop_catalog(found.catalog)
