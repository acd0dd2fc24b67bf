"""How a process says who it is, where Snowflake goes by a workload's identity."""

from pathlib import Path

import pytest
from platform_contract.errors import ContractError
from platform_runtime.snowflake_identity import identity_arguments, identity_environment

OIDC = {"SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER": "OIDC"}


@pytest.mark.parametrize("provider", ["AWS", "AZURE", "GCP"])
def test_a_clouds_machine_is_asked_by_the_library_and_handed_no_token(provider: str, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("of the cluster", encoding="utf-8")
    environ = {
        "SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER": provider,
        "SNOWFLAKE_TOKEN_FILE_PATH": str(tmp_path / "token"),
    }
    assert identity_arguments(environ) == {
        "authenticator": "WORKLOAD_IDENTITY",
        "workload_identity_provider": provider,
    }
    assert identity_environment(environ) == {}


def test_a_projected_token_is_read_anew_for_each_sign_in(tmp_path: Path) -> None:
    file = tmp_path / "token"
    environ = {**OIDC, "SNOWFLAKE_TOKEN_FILE_PATH": str(file)}
    for token in ("first", "second"):
        file.write_text(f"{token}\n", encoding="utf-8")
        assert identity_arguments(environ) == {
            "authenticator": "WORKLOAD_IDENTITY",
            "workload_identity_provider": "OIDC",
            "token": token,
        }
        assert identity_environment(environ) == {"SNOWFLAKE_TOKEN": token}


def test_a_job_is_handed_its_token(tmp_path: Path) -> None:
    environ = {**OIDC, "SNOWFLAKE_TOKEN": "of the job", "SNOWFLAKE_TOKEN_FILE_PATH": str(tmp_path / "none")}
    assert identity_arguments(environ)["token"] == "of the job"  # noqa: S105 - invented


def test_a_key_needs_no_token() -> None:
    assert identity_environment({**OIDC, "SNOWFLAKE_PRIVATE_KEY": "-----BEGIN"}) == {}
    assert identity_environment({}) == {}


@pytest.mark.parametrize("stated", [{}, {"SNOWFLAKE_TOKEN_FILE_PATH": "/nowhere/token"}])
def test_without_any_token_the_error_says_which_variables_give_one(stated: dict[str, str]) -> None:
    with pytest.raises(ContractError, match="set SNOWFLAKE_TOKEN, or SNOWFLAKE_TOKEN_FILE_PATH to the file"):
        identity_arguments(OIDC | stated)
