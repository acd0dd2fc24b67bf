import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from platform_contract.environment_variables import EnvironmentVariable

from tests.code_locations.databricks_delta.lakehouse_under_test import (
    SHIPPED_DEFS,
    LakehouseUnderTest,
    lakehouse_of,
)
from tests.code_locations.databricks_delta.readings import Reading, shipped_readings
from tests.code_locations.databricks_delta.shipped_year import ShippedYear, run_shipped_year


@pytest.fixture
def weather() -> Iterator[LakehouseUnderTest]:
    """The shipped lakehouse, with nothing landed yet."""
    with lakehouse_of("weather", SHIPPED_DEFS) as lakehouse:
        yield lakehouse


@pytest.fixture
def defs_copy(tmp_path: Path) -> Path:
    """A copy of the shipped `defs` folder, for a test to change."""
    return Path(shutil.copytree(SHIPPED_DEFS, tmp_path / "defs", ignore=shutil.ignore_patterns("__pycache__")))


@pytest.fixture(scope="session")
def readings() -> list[Reading]:
    """Every row of the shipped files."""
    return shipped_readings()


@pytest.fixture(scope="session")
def shipped_year(tmp_path_factory: pytest.TempPathFactory) -> ShippedYear:
    """The location run twice over the shipped year."""
    root = tmp_path_factory.mktemp("shipped_year")
    with pytest.MonkeyPatch.context() as environment:
        for variable in EnvironmentVariable:
            environment.delenv(variable, raising=False)
        environment.setenv("PLATFORM_LOCAL_ROOT", str(root))
        return run_shipped_year(root)
