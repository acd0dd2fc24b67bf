from pathlib import Path

import pytest
from platform_contract.local_paths import LocalPaths

from tests.deployments import LOCAL
from tests.fakes.shop_story import Story, tell


@pytest.fixture
def paths(tmp_path: Path) -> LocalPaths:
    """The stores of a deployment, empty."""
    return LocalPaths(tmp_path / "local_root", LOCAL)


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Three runs of the location."""
    return tell(tmp_path_factory.getbasetemp() / "shop_story")
