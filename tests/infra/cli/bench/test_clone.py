import subprocess
from pathlib import Path

import click
import pytest
from platform_cli.bench.clone import Clone, clean_environment


def git(repository: Path, *arguments: str) -> None:
    author = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    subprocess.run(["git", *author, *arguments], cwd=repository, check=True, capture_output=True)


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    git(checkout, "init", "--quiet")
    (checkout / "committed.txt").write_text("yes", encoding="utf-8")
    git(checkout, "add", ".")
    git(checkout, "commit", "--quiet", "-m", "first")
    (checkout / "not_committed.txt").write_text("no", encoding="utf-8")
    bench = tmp_path / "bench"
    bench.mkdir()
    return Clone(checkout, bench)


def test_a_clone_holds_what_is_committed_and_nothing_of_an_earlier_round(clone: Clone) -> None:
    clone.renew()
    (clone.tree / "left_behind.txt").write_text("", encoding="utf-8")
    clone.renew()
    assert {file.name for file in clone.tree.iterdir()} == {".git", "committed.txt"}


def test_a_command_that_fails_says_which_and_why(clone: Clone) -> None:
    with pytest.raises(click.ClickException) as failed:
        clone.run("sh", "-c", "echo no such table; exit 3", where=clone.folder, settings={})
    assert failed.value.message == "sh -c echo no such table; exit 3 failed with exit code 3:\nno such table"


def test_a_clone_does_not_use_this_checkouts_environment(clone: Clone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VIRTUAL_ENV", "/this/checkout/.venv")
    monkeypatch.setenv("PLATFORM_DEPLOYMENT", "pr-7")
    monkeypatch.setenv("HOME", "/home/someone")
    environment = clean_environment()
    assert not {"VIRTUAL_ENV", "PLATFORM_DEPLOYMENT", "PLATFORM_LOCAL_ROOT"} & set(environment)
    assert environment["HOME"] == "/home/someone"
    clone.run("sh", "-c", 'test -z "$VIRTUAL_ENV" && test "$EXTRA" = 1', where=clone.folder, settings={"EXTRA": "1"})
