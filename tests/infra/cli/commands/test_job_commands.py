"""What a job of a workflow hands on to its later steps, and how it signs in."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from click.testing import Result
from platform_cli.github_actions.identity import databricks_identity, snowflake_identity
from platform_contract.errors import ContractError

VARIABLES = {
    "AWS_REGION": "eu-west-1",
    "AWS_ROLE_ARN": "arn:aws:iam::1:role/x",
    "DAGSTER_CLOUD_ORGANIZATION": "acme",
    "DATABRICKS_CLIENT_ID": "1-2-3",
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


def test_matrices_come_from_the_configuration(
    platform: Callable[..., Result], handed_on: Callable[[str], list[str]]
) -> None:
    images = platform("ci-matrix", "images", "--deployment", "dev", "--deployment", "pr-7")
    assert images.exit_code == 0, images.output
    assert platform("ci-matrix", "standing").exit_code == 0
    rows = [json.loads(line.removeprefix("rows=")) for line in handed_on("GITHUB_OUTPUT")]
    assert rows[0] == [
        {"location": location, "deployment": deployment}
        for deployment in ("dev", "pr-7")
        for location in ("databricks_delta", "snowflake_medallion", "architecture_patterns")
    ]
    assert rows[1] == [
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


class _Issuer(BaseHTTPRequestHandler):
    """GitHub's issuer of identity tokens: a token says for whom it is."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        pass

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        allowed = self.headers["Authorization"] == "Bearer of-the-job" and "api-version=2.0" in url.query
        body = json.dumps({"value": f"token for {parse_qs(url.query)['audience'][0]}"} if allowed else {}).encode()
        self.send_response(200 if allowed else 403)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def job() -> Iterator[dict[str, str]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Issuer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield {
        "ACTIONS_ID_TOKEN_REQUEST_URL": f"http://127.0.0.1:{server.server_address[1]}/token?api-version=2.0",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "of-the-job",
        "SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER": "OIDC",
    }
    server.shutdown()
    server.server_close()
    thread.join()


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
