import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from platform_cli.infra_diff.changes import Change, changes
from platform_contract.local_paths import checkout

REAL = checkout(Path(__file__))
# What the programs are made of, as `git` has it.
TREES = ("contract/src", "components/src", "snowflake", "databricks")


@pytest.fixture
def committed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of the real programs with one commit, as working directory."""
    root = tmp_path / "checkout"
    for tree in TREES:
        shutil.copytree(REAL / "infra" / tree, root / "infra" / tree, ignore=shutil.ignore_patterns("__pycache__"))
    (root / "dbt_project").mkdir()
    (root / "workspace.yaml").touch()
    who = ("-c", "user.name=test", "-c", "user.email=test@example.com")
    for words in (("init", "-q"), ("add", "infra"), (*who, "commit", "-q", "-m", "base")):
        subprocess.run(["git", *words], cwd=root, check=True)
    monkeypatch.chdir(root)
    return root


@pytest.mark.slow
def test_a_change_of_setting_and_of_code_is_told_against_the_code_of_the_base(
    platform: Callable[..., Result], committed: Path
) -> None:
    settings = committed / "infra" / "snowflake" / "Pulumi.dev.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("credit_quota: 10", "credit_quota: 11", 1), encoding="utf-8")
    names = committed / "infra" / "contract" / "src" / "platform_contract" / "databricks_names.py"
    code = names.read_text(encoding="utf-8")
    names.write_text(code.replace('self._standing("platform_sql")', 'self._standing("platform_bi")'), encoding="utf-8")

    told = platform("infra-diff", "--base", "HEAD", "--markdown")
    assert told.exit_code == 0, told.output
    rows = [line for line in told.output.splitlines() if line.startswith("| ")][1:]
    assert len([row for row in rows if "creditQuota" in row]) == 1
    assert re.search(r"\| dev snowflake \| changed \| ResourceMonitor .*<br>creditQuota: 10.* → 11", told.output)
    renamed = [row for row in rows if "platform_sql" in row and "platform_bi" in row]
    assert {row.split(" | ")[0] for row in renamed} == {"| dev databricks", "| prod databricks"}
    assert not any(row.startswith("| prod snowflake") for row in rows)


def test_an_unknown_base_says_how_to_get_it(platform: Callable[..., Result], committed: Path) -> None:
    refused = platform("infra-diff", "--base", "HEAD^1")
    assert refused.exit_code == 2
    assert "'HEAD^1' cannot be looked at" in refused.output
    assert "Fetch it first" in refused.output


def test_changes_are_told_object_by_object() -> None:
    before = {"dev": {"Role A": {"name": "A"}, "Role B": {"name": "B"}, "Role C": {"name": "C", "comment": "c"}}}
    after = {"dev": {"Role B": {"name": "B"}, "Role C": {"name": "C2"}, "Role D": {}}, "prod": {"Role E": {}}}
    assert changes(before, after) == [
        Change("dev", "Role A", "removed", {}),
        Change("dev", "Role D", "added", {}),
        Change("dev", "Role C", "changed", {"comment": "c → unset", "name": "C → C2"}),
        Change("prod", "Role E", "added", {}),
    ]
