import os
from pathlib import Path

import pytest
from dagster._core.secrets.env_file import get_env_var_dict
from platform_cli.env_file import write_env_file


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("PLATFORM_LOCAL_ROOT")
    folder = tmp_path / "a checkout"
    folder.mkdir()
    return folder


def test_dagster_reads_the_home_of_the_deployment(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the loader that `dg dev` and `dagster dev` use."""
    write_env_file(checkout)
    assert get_env_var_dict(str(checkout)) == {
        "DAGSTER_HOME": f"{checkout}/.local/local/dagster",
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        "DO_NOT_TRACK": "1",
    }
    monkeypatch.setenv("PLATFORM_DEPLOYMENT", "pr-7")
    assert get_env_var_dict(str(checkout))["DAGSTER_HOME"] == f"{checkout}/.local/pr-7/dagster"
    monkeypatch.setenv("PLATFORM_LOCAL_ROOT", "/elsewhere")
    assert get_env_var_dict(str(checkout))["DAGSTER_HOME"] == "/elsewhere/pr-7/dagster"


def test_lines_of_the_user_stay_and_a_stale_home_goes(checkout: Path) -> None:
    (checkout / ".env").write_text(
        "# mine\nSNOWFLAKE_ACCOUNT=org-acct # note\nDAGSTER_HOME=/moved/away\nexport LAST='1 2'", encoding="utf-8"
    )
    write_env_file(checkout)
    text = (checkout / ".env").read_text(encoding="utf-8")
    assert text.startswith("# mine\nSNOWFLAKE_ACCOUNT=org-acct # note\nDAGSTER_HOME=")
    assert "/moved/away" not in text
    read = get_env_var_dict(str(checkout))
    assert read["SNOWFLAKE_ACCOUNT"] == "org-acct"
    assert read["LAST"] == "1 2"
    assert read["DAGSTER_HOME"] == f"{checkout}/.local/local/dagster"


def test_a_file_that_is_right_is_not_written_again(checkout: Path) -> None:
    write_env_file(checkout)
    os.utime(checkout / ".env", (1, 1))
    write_env_file(checkout)
    assert (checkout / ".env").stat().st_mtime == 1
