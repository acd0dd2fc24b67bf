import pytest

from tests.rehearsal.requirements import require_tools


def test_a_laptop_that_lacks_a_tool_skips_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="Spark cannot run here; missing: java \\(install it\\); mvn"):
        require_tools("Spark", ["java (install it)", "mvn"])


def test_ci_that_lacks_a_tool_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="missing: java"):
        require_tools("Spark", ["java"])


def test_nothing_is_asked_of_a_machine_that_lacks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    require_tools("Spark", [])
