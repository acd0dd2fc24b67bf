from dataclasses import replace
from pathlib import Path

import pytest
from platform_cli.stacks.state_settings import state_settings
from platform_contract.deployment import Deployment, pull_request
from platform_contract.errors import ContractError

from tests.deployments import DEV, LOCAL, PROD

FILE = """\
dev: {backend: 's3://dev', secrets_provider: awskms://dev}
prod: {backend: 's3://prod', secrets_provider: awskms://prod}
pull_requests: {backend: 's3://pull-requests', secrets_provider: awskms://pull-requests}
"""
STAGING = replace(DEV, name="staging", shares_settings_of="dev")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "state.yaml"
    path.write_text(FILE, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("deployment", "backend"),
    [(DEV, "s3://dev"), (PROD, "s3://prod"), (STAGING, "s3://dev"), (pull_request(7), "s3://pull-requests")],
    ids=str,
)
def test_state_is_kept_where_the_file_says_of_a_deployment_or_of_the_one_it_shares_settings_with(
    file: Path, tmp_path: Path, deployment: Deployment, backend: str
) -> None:
    found = state_settings(file, deployment, tmp_path, {})
    assert found.backend == backend
    assert found.secrets_provider == backend.replace("s3", "awskms")


@pytest.mark.parametrize("gone", ["dev", "prod", "pull_requests"])
def test_nothing_falls_back_on_the_state_of_another(file: Path, tmp_path: Path, gone: str) -> None:
    """A pull request least of all on its host's, which what applies it must not read."""
    file.write_text(FILE.replace(f"{gone}:", "other:"), encoding="utf-8")
    owner = {"dev": DEV, "prod": PROD, "pull_requests": pull_request(7)}[gone]
    with pytest.raises(ContractError, match=f"{gone} must hold exactly backend and secrets_provider"):
        state_settings(file, owner, tmp_path, {})


def test_a_laptop_keeps_its_state_beside_its_stores(file: Path, tmp_path: Path) -> None:
    assert state_settings(file, LOCAL, tmp_path, {}).backend == (tmp_path / "pulumi").as_uri()
