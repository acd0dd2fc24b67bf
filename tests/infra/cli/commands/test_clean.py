from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from platform_cli.demo.one_at_a_time import one_at_a_time


@pytest.fixture
def local(small_checkout: Path, platform: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of all deployments, with `local` and `pr-7` provisioned in it."""
    platform("provision")
    with monkeypatch.context() as other:
        other.setenv("PLATFORM_DEPLOYMENT", "pr-7")
        platform("provision")
    return small_checkout / ".local"


def test_one_deployment_goes_and_the_others_stay(local: Path, platform: Callable[..., Result]) -> None:
    done = platform("clean", "--yes")
    assert done.exit_code == 0
    assert not (local / "local").exists()
    assert (local / "pr-7" / "warehouse" / "raw.duckdb").is_file()
    assert "does not exist" in platform("clean", "--yes").output


@pytest.mark.parametrize(("answer", "removed"), [("y\n", True), ("n\n", False), ("", False)])
def test_it_asks_first(local: Path, platform: Callable[..., Result], answer: str, removed: bool) -> None:
    done = platform("clean", typed=answer)
    assert f"Remove {local / 'local'} with everything in it?" in done.output
    assert (local / "local").exists() is not removed
    assert (done.exit_code == 0) is removed


def test_a_link_is_not_followed(local: Path, platform: Callable[..., Result], tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    (local / "local").rename(elsewhere)
    (local / "local").symlink_to(elsewhere)
    refused = platform("clean", "--yes")
    assert refused.exit_code == 2
    assert f"is a link to {elsewhere}" in refused.output
    assert (elsewhere / "dagster").is_dir()


def test_a_folder_that_is_not_the_platforms_stays(
    small_checkout: Path, platform: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    precious = small_checkout / "documents" / "local" / "thesis.txt"
    precious.parent.mkdir(parents=True)
    precious.write_text("years of work", encoding="utf-8")
    monkeypatch.setenv("PLATFORM_LOCAL_ROOT", str(small_checkout / "documents"))
    refused = platform("clean", "--yes")
    assert refused.exit_code == 2
    assert "holds no Dagster home" in refused.output
    assert precious.is_file()


def test_a_running_demo_keeps_its_stores(local: Path, platform: Callable[..., Result]) -> None:
    with one_at_a_time(local / "local" / "demo.lock"):
        refused = platform("clean", "--yes")
    assert refused.exit_code == 2
    assert "another demo of this deployment is running" in refused.output
    assert (local / "local" / "warehouse" / "raw.duckdb").is_file()
