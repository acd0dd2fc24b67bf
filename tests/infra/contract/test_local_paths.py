from pathlib import Path

import pytest
from platform_contract.deployment import pull_request
from platform_contract.errors import ContractError
from platform_contract.local_paths import LocalPaths, checkout, local_root


@pytest.fixture
def a_checkout(tmp_path: Path) -> Path:
    root = tmp_path / "repo"
    (root / "dbt_project").mkdir(parents=True)
    (root / "workspace.yaml").touch()
    (root / "code_locations" / "x").mkdir(parents=True)
    return root


def test_the_local_root_is_found_from_any_folder_of_the_checkout(a_checkout: Path) -> None:
    assert local_root({}, a_checkout / "code_locations" / "x") == a_checkout / ".local"
    assert local_root({}, a_checkout) == a_checkout / ".local"


def test_a_stated_local_root_wins(a_checkout: Path, tmp_path: Path) -> None:
    assert local_root({"PLATFORM_LOCAL_ROOT": str(tmp_path / "s")}, a_checkout) == tmp_path / "s"


def test_outside_a_checkout_the_fix_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match="PLATFORM_LOCAL_ROOT"):
        checkout(tmp_path)


def test_everything_of_a_deployment_lies_in_its_own_folder() -> None:
    paths = LocalPaths(Path("/p"), pull_request(7))
    parts = (
        paths.lakehouse,
        paths.raw_database,
        paths.analytics_database,
        paths.landing,
        paths.patterns,
        paths.dagster_home,
        paths.dbt_state,
        paths.scratch,
    )
    assert all(part.is_relative_to("/p/pr-7") for part in parts)
    assert len(set(parts)) == len(parts)
