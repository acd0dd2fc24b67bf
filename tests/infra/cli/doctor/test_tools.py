from pathlib import Path

import pytest
from platform_cli.doctor.check import Health
from platform_cli.doctor.tools import UvTool


def program(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True)
    file.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    file.chmod(0o755)
    return file


def test_a_shim_that_does_not_run_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(program(tmp_path / "shims" / "uv", "exit 127").parent))
    private = program(tmp_path / "private" / "uv", 'echo "uv 0.13.9"')
    finding = UvTool(private).examine()
    assert finding.health is Health.RIGHT
    assert finding.found == f"uv 0.13.9 ({private})"


def test_no_uv_is_worth_a_look(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    finding = UvTool(tmp_path / "uv").examine()
    assert finding.health is Health.WARNING
    assert "make setup" in finding.remedy
