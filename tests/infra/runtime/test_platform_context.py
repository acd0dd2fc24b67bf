from pathlib import Path

import pytest
from platform_contract.errors import ContractError
from platform_runtime.platform_context import platform_context


def test_the_context_serves_the_deployment_of_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PLATFORM_DEPLOYMENT", "pr-7")
    monkeypatch.setenv("PLATFORM_LOCAL_ROOT", str(tmp_path))
    context = platform_context(demo_mode=True)
    assert context.local_paths.home == tmp_path / "pr-7"
    assert context.snowflake.analytics_database == "ANALYTICS_PR_7"
    assert context.databricks.catalog == "platform_pr_7"


def test_an_engine_that_the_deployment_cannot_have_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PLATFORM_DEPLOYMENT", raising=False)
    with pytest.raises(ContractError, match="set PLATFORM_DEPLOYMENT to one of dev, prod or pr-<number>"):
        platform_context(demo_mode=False)
