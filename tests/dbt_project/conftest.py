import pytest

from tests.fakes.shop_story import Story, tell


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Three runs of the location, the same as its own tests look at."""
    return tell(tmp_path_factory.getbasetemp() / "shop_story")
