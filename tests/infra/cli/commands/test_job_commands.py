"""What a job of a workflow hands on to its later steps, and how it signs in."""

import json
import ssl
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import Result
from platform_cli.github_actions.identity import databricks_identity, snowflake_identity
from platform_contract.errors import ContractError
from platform_contract.local_paths import checkout

from tests.fakes.http_server import StandInHandler, serving
from tests.fakes.pulumi_command import install_fake_pulumi
from tests.fakes.tls_certificate import Certificate, make_certificate

VARIABLES = {
    "AWS_REGION": "eu-west-1",
    "AWS_ROLE_ARN": "arn:aws:iam::1:role/x",
    "DAGSTER_CLOUD_ORGANIZATION": "acme",
    "DATABRICKS_CLIENT_ID": "1-2-3",
    "DATABRICKS_TOKEN_AUDIENCE": "the account",
    "SNOWFLAKE_ACCOUNT_NAME": "main",
    "SNOWFLAKE_ORGANIZATION_NAME": "acme",
    "SNOWFLAKE_USER": "CI_RUNNER_DEV",
}


@pytest.fixture
def handed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[str]]:
    for channel in ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_PATH"):
        monkeypatch.setenv(channel, str(tmp_path / channel))

    def lines(channel: str) -> list[str]:
        file = tmp_path / channel
        return file.read_text(encoding="utf-8").splitlines() if file.is_file() else []

    return lines


def test_what_stands_is_a_matrix(platform: Callable[..., Result], handed_on: Callable[[str], list[str]]) -> None:
    assert platform("ci-matrix", "standing").exit_code == 0
    (line,) = handed_on("GITHUB_OUTPUT")
    assert json.loads(line.removeprefix("rows=")) == [
        {"deployment": "dev", "environment": "dev"},
        {"deployment": "prod", "environment": "production-watch"},
    ]


def test_a_job_finds_who_it_is_in_its_environment_and_nothing_that_nobody_named(
    platform: Callable[..., Result], handed_on: Callable[[str], list[str]]
) -> None:
    given = {**VARIABLES, "LD_PRELOAD": "/tmp/evil.so", "PULUMI_BACKEND_URL": "s3://state"}  # noqa: S108
    assert platform("ci-variables", "--variables", json.dumps(given)).exit_code == 0
    assert dict(line.split("=", 1) for line in handed_on("GITHUB_ENV")) == {
        **VARIABLES,
        "DATABRICKS_AUTH_TYPE": "github-oidc",
        "PULUMI_BACKEND_URL": "s3://state",
        "SNOWFLAKE_ACCOUNT": "acme-main",
        "SNOWFLAKE_AUTHENTICATOR": "WORKLOAD_IDENTITY",
        "SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER": "OIDC",
    }


def test_every_missing_variable_is_named_and_no_value_smuggles_in_another(
    platform: Callable[..., Result], handed_on: Callable[[str], list[str]]
) -> None:
    lacking = platform("ci-variables", "--variables", json.dumps({"AWS_REGION": "eu-west-1"}))
    assert lacking.exit_code == 2
    assert all(name in lacking.output for name in VARIABLES if name != "AWS_REGION")
    smuggling = platform(
        "ci-variables", "--variables", json.dumps({**VARIABLES, "SNOWFLAKE_USER": "X\nLD_PRELOAD=/evil.so"})
    )
    assert smuggling.exit_code == 2
    assert "SNOWFLAKE_USER has several lines" in smuggling.output
    assert handed_on("GITHUB_ENV") == []


def test_the_engine_that_the_runner_has_is_found_by_later_steps(
    platform: Callable[..., Result],
    handed_on: Callable[[str], list[str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    install_fake_pulumi(tmp_path / "bin", sys.executable)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    # There a job takes the pinned version alone, which this one is not.
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.chdir(checkout(Path(__file__)))
    assert platform("ci-engine").exit_code == 0
    assert handed_on("GITHUB_PATH") == [str(tmp_path / "bin")]


class _Issuer(StandInHandler):
    """GitHub's issuer of identity tokens, whose tokens say for whom they are, and a workspace that exchanges them."""

    def do_POST(self) -> None:  # noqa: N802 - the base class finds methods by their names
        length = int(self.headers["Content-Length"])
        asked = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
        expected = {
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
            "subject_token": "token for the account",
            "client_id": "1-2-3",
            "scope": "all-apis",
        }
        self.send_json(*((200, {"access_token": "of an hour"}) if asked == expected else (401, {})))

    def do_GET(self) -> None:  # noqa: N802 - the base class finds methods by their names
        url = urlsplit(self.path)
        allowed = self.headers["Authorization"] == "Bearer of-the-job" and "api-version=2.0" in url.query
        self.send_json(*((200, {"value": f"token for {parse_qs(url.query)['audience'][0]}"}) if allowed else (403, {})))


@contextmanager
def serve_issuer(certificate: Certificate | None) -> Iterator[int]:
    """Serve both, behind TLS where there is a certificate; the port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Issuer)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate.certificate_file, certificate.key_file)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    with serving(server, "issuer"):
        yield server.server_port


@pytest.fixture
def job() -> Iterator[dict[str, str]]:
    with serve_issuer(None) as port:
        yield {
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"http://127.0.0.1:{port}/token?api-version=2.0",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "of-the-job",
            "SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER": "OIDC",
        }


def test_a_job_signs_in_to_snowflake_as_itself(job: dict[str, str]) -> None:
    assert snowflake_identity(job) == {"SNOWFLAKE_TOKEN": "token for snowflakecomputing.com"}
    # Not where a key signs in, nor outside a job.
    assert snowflake_identity({**job, "SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER": ""}) == {}
    assert snowflake_identity({"SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER": "OIDC"}) == {}
    assert databricks_identity(job) == {}


def test_a_job_that_github_does_not_vouch_for_is_told_the_cure(job: dict[str, str]) -> None:
    with pytest.raises(ContractError, match="id-token: write") as refused:
        snowflake_identity({**job, "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "forged-4711"})
    assert "forged-4711" not in str(refused.value)


def test_a_job_gets_a_token_of_the_workspace_for_its_own(
    job: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path, ["workspace.example"])
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.certificate_file))
    with serve_issuer(certificate) as port:
        environment = {
            **job,
            "DATABRICKS_AUTH_TYPE": "github-oidc",
            "DATABRICKS_CLIENT_ID": "1-2-3",
            "DATABRICKS_TOKEN_AUDIENCE": "the account",
            "DATABRICKS_SERVER_HOSTNAME": f"127.0.0.1:{port}",
        }
        assert databricks_identity(environment) == {"DATABRICKS_TOKEN": "of an hour"}
        with pytest.raises(ContractError, match="federation policy"):
            databricks_identity({**environment, "DATABRICKS_CLIENT_ID": "of another"})


def test_a_command_runs_signed_in_and_its_code_is_handed_back(
    platform: Callable[..., Result], job: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in job.items():
        monkeypatch.setenv(name, value)
    assert platform("as-job", "drift", "--stack", "nowhere").exit_code == 2
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "forged")
    refused = platform("as-job", "--help-me")
    assert refused.exit_code == 2
    assert "id-token: write" in refused.output
