"""What a job of a workflow tells GitHub, and learns from it."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from platform_cli.github_actions.drift_issue import LABEL, MARKER, TITLE
from platform_cli.github_actions.notice import Section, code_block, compose

from tests.fakes.github.repository import OWNER, FakeRepository
from tests.fakes.github.server import serve_github
from tests.fakes.pulumi_command import FakePulumi, install_fake_pulumi

# What each job's own token may do, as the workflows have it.
TOKENS = {
    "environment-job": {"actions": "read", "pull_requests": "write"},
    "close-job": {"pull_requests": "read"},
    "drift-job": {"issues": "write"},
}
UNSEEN = "urn:pulumi:prod::platform::snowflake:index/grantAccountRole:GrantAccountRole::one"
STATE = "dev: {backend: 's3://dev', secrets_provider: awskms://x}\nprod: {backend: 's3://prod', secrets_provider: awskms://x}\n"


@pytest.fixture
def repository() -> FakeRepository:
    return FakeRepository(dict(TOKENS))


@pytest.fixture
def sign_in(repository: FakeRepository, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    with serve_github(repository) as api:
        monkeypatch.setenv("GITHUB_API_URL", api)
        monkeypatch.setenv("GITHUB_REPOSITORY", OWNER)
        monkeypatch.setenv("GITHUB_SERVER_URL", "https://github.example")
        monkeypatch.setenv("GITHUB_RUN_ID", "42")
        yield lambda token: monkeypatch.setenv("GITHUB_TOKEN", token)


def test_only_an_open_pull_request_gets_an_environment(
    platform: Callable[..., Result], sign_in: Callable[[str], None], repository: FakeRepository
) -> None:
    sign_in("environment-job")
    repository.pull(7, None)
    repository.pull(8, "2031-03-01T00:00:00Z")
    assert platform("require-open", "--deployment", "pr-7").exit_code == 0
    closed = platform("require-open", "--deployment", "pr-8")
    assert (closed.exit_code, "pull request 8 is closed" in closed.output) == (2, True)
    missing = platform("require-open", "--deployment", "pr-9")
    assert (missing.exit_code, "has no pull request 9" in missing.output) == (2, True)
    assert platform("require-open", "--deployment", "prod").exit_code == 2


def test_a_release_goes_on_only_from_a_deployment_that_its_own_run_has_released(
    platform: Callable[..., Result],
    sign_in: Callable[[str], None],
    repository: FakeRepository,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sign_in("environment-job")
    ask = ("require-released", "--deployment", "dev")
    monkeypatch.setenv("GITHUB_RUN_ID", "5")
    released = {"name": "Release to dev", "conclusion": "success", "run_attempt": 1}
    repository.jobs[4] = [released]
    repository.jobs[5] = [{**released, "conclusion": "failure"}, {**released, "name": "Release to prod"}]
    refused = platform(*ask)
    assert (refused.exit_code, "has not released to dev, which comes first" in refused.output) == (2, True)
    # The failed one was repeated, and then another that had failed: the run's last attempt has that alone.
    repository.jobs[5] += [{**released, "run_attempt": 2}, {**released, "name": "Images", "run_attempt": 3}]
    assert platform(*ask).exit_code == 0
    monkeypatch.delenv("GITHUB_RUN_ID")
    outside = platform(*ask)
    assert (outside.exit_code, "GITHUB_RUN_ID is not set" in outside.output) == (2, True)


@pytest.mark.parametrize(
    "name", ["prod", "dev", "local", "pr-7-extra", "prod-1", "pr-0", "pr-", "7", "PR-7", "pr-7 ", "*"]
)
@pytest.mark.parametrize("reason", ["closed", "expired", "asked"])
def test_nothing_but_a_pull_request_is_ever_removed(
    platform: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, reason: str
) -> None:
    fake = install_fake_pulumi(tmp_path / "bin", sys.executable)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    refused = platform("remove", "--deployment", name, "--because", reason)
    assert refused.exit_code == 2
    assert refused.output.startswith("Error: ")
    assert fake.calls() == []


@pytest.mark.usefixtures("small_checkout")
def test_an_open_pull_request_is_not_removed_by_its_number(
    platform: Callable[..., Result], sign_in: Callable[[str], None], repository: FakeRepository
) -> None:
    sign_in("close-job")
    repository.pull(7, None)
    refused = platform("remove", "--deployment", "pr-7", "--because", "closed")
    assert refused.exit_code == 2
    assert "pull request 7 is open" in refused.output


@pytest.mark.slow
@pytest.mark.usefixtures("small_checkout")
def test_a_pull_request_has_one_comment_that_every_run_writes_anew(
    platform: Callable[..., Result],
    sign_in: Callable[[str], None],
    repository: FakeRepository,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sign_in("environment-job")
    stranger = {"id": 1, "body": "<!-- platform: pull request -->\nmine", "user": {"login": "eve", "type": "User"}}
    repository.comments[7] = [stranger, *({**stranger, "id": n, "body": "hello"} for n in range(2, 120))]
    link = tmp_path / "link"

    def report(stack: str) -> None:
        steps = json.dumps({"stack": {"outcome": stack}, "deploy": {"outcome": "skipped"}})
        words = ("--deployment", "pr-7", "--base", "HEAD^1", "--link-file", str(link), "--steps", steps)
        result = platform("comment", *words)
        assert result.exit_code == 0, result.output

    report("failure")
    (ours,) = [one for one in repository.comments[7] if one["user"]["login"] != "eve"]
    assert (
        "`pr-7` is not in Dagster+ yet · [this run](https://github.example/acme/platform/actions/runs/42)"
        in ours["body"]
    )
    assert "stack: **failed** · deploy: not reached" in ours["body"]
    # The small checkout has neither programs nor data: the reasons stand where the tables would.
    assert ours["body"].count("This could not be told") == 2
    assert "'HEAD^1' cannot be looked at" in ours["body"]

    link.write_text("https://example.dagster.plus/abc\n", encoding="utf-8")
    report("success")
    assert len(repository.comments[7]) == 120
    assert "[`pr-7` in Dagster+](https://example.dagster.plus/abc)" in ours["body"]
    assert "stack: done" in ours["body"]
    assert repository.comments[7][0]["body"].endswith("mine")

    # What reads the clouds signs in by itself, when its turn has come; that it may not is told like any other reason.
    monkeypatch.setenv("ACTIONS_ID_TOKEN_REQUEST_URL", "http://127.0.0.1:9/token")
    monkeypatch.setenv("SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER", "OIDC")
    report("success")
    assert "GitHub did not answer when the job wanted to sign in" in ours["body"]


def test_a_long_comment_is_cut_and_no_block_swallows_what_follows() -> None:
    body = compose("<!-- m -->", "opening", [Section("long", code_block("x" * 70_000)), Section("short", "the end")])
    assert len(body) <= 65_536
    assert body.count("```") == 2
    assert body.endswith("### short\n\nthe end\n")
    assert code_block("a\n```\nb").count("```") == 2


@pytest.fixture
def pulumi(small_checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakePulumi:
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE", raising=False)
    (small_checkout / "infra").mkdir()
    (small_checkout / "infra" / "state.yaml").write_text(STATE, encoding="utf-8")
    fake = install_fake_pulumi(tmp_path / "bin", sys.executable)
    grant = {"type": "snowflake:index/grantAccountRole:GrantAccountRole", "urn": UNSEEN}
    for program in ("snowflake", "databricks"):
        fake.answer(f"{program} stack export", {"version": 3, "deployment": {"resources": [grant]}}, 0)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    return fake


def test_drift_of_all_stacks_is_one_issue_that_closes_when_it_is_over(
    platform: Callable[..., Result], sign_in: Callable[[str], None], repository: FakeRepository, pulumi: FakePulumi
) -> None:
    sign_in("drift-job")
    stranger: dict[str, Any] = {
        "number": 1,
        "state": "open",
        "labels": [LABEL],
        "body": MARKER,
        "user": {"login": "eve"},
    }
    repository.issues.append(dict(stranger))
    assert platform("drift", "--stack", "dev").exit_code == 0
    assert repository.issues == [stranger]

    pulumi.answer("snowflake preview", "~ RAW_DEV: comment\nerror: no changes were expected", 255)
    assert platform("drift", "--stack", "dev").exit_code == 1
    assert platform("drift", "--stack", "prod").exit_code == 1
    pulumi.answer("databricks preview", "~ platform: comment", 255)
    assert platform("drift", "--stack", "prod").exit_code == 1
    (issue,) = repository.issues[1:]
    assert (issue["title"], issue["labels"], issue["state"]) == (TITLE, [LABEL], "open")
    dev, prod = issue["body"].index("### dev"), issue["body"].index("### prod")
    assert "RAW_DEV: comment" in issue["body"][dev:prod]
    assert "platform: comment" not in issue["body"][dev:prod]
    assert "platform: comment" in issue["body"][prod:]
    looks = {call for call in pulumi.commands() if "preview" in call}
    assert looks == {
        f"{program} preview --refresh --expect-no-changes --diff --stack {told} --color never --non-interactive"
        for program in ("snowflake", "databricks")
        for told in ("dev", f"prod --exclude {UNSEEN}")
    }
    # Production is looked at in a copy of its state, which holds nothing that could be written to.
    backends = {
        str(call["environment"]["PULUMI_BACKEND_URL"]).partition("://")[0]
        for call in pulumi.calls()
        if "preview" in call["arguments"] and "prod" in call["arguments"]
    }
    assert backends == {"file"}

    pulumi.answer("snowflake preview", "", 0)
    pulumi.answer("databricks preview", "", 0)
    assert platform("drift", "--stack", "prod").exit_code == 0
    assert "### prod" not in issue["body"]
    assert issue["state"] == "open"
    assert platform("drift", "--stack", "dev").exit_code == 0
    assert issue["state"] == "closed"

    pulumi.answer("snowflake preview", "~ again", 255)
    platform("drift", "--stack", "dev")
    assert len(repository.issues) == 3
    assert repository.issues[0] == stranger


def test_what_the_latest_release_published_is_fetched_and_no_other(
    platform: Callable[..., Result], sign_in: Callable[[str], None], repository: FakeRepository, tmp_path: Path
) -> None:
    sign_in("environment-job")
    into = tmp_path / "production"
    into.mkdir()
    for name in ("manifest.json", "code_versions.json"):
        (into / name).write_text("of another run", encoding="utf-8")
    fetch = ("fetch-manifest", "--into", str(into))
    nothing = platform(*fetch)
    assert nothing.exit_code == 0, nothing.output
    assert "everything will be built" in nothing.output
    assert list(into.iterdir()) == []

    def release(created_at: str, text: str, *, expired: bool, **run_of: str) -> None:
        run = repository.run("main.yml", "Release", created_at, run_of.pop("conclusion", "success"), **run_of)
        files = {"manifest.json": text, "code_versions.json": f"{text} versions", "else.json": text}
        repository.artifact(run, "production-manifest", files, expired=expired)

    release("2031-03-01T00:00:00Z", "old", expired=False)
    release("2031-03-02T00:00:00Z", "latest", expired=False)
    release("2031-03-03T00:00:00Z", "expired", expired=True)
    release("2031-03-04T00:00:00Z", "failed", expired=False, conclusion="failure")
    release("2031-03-05T00:00:00Z", "of a branch", expired=False, head_branch="topic")
    release("2031-03-06T00:00:00Z", "of a pull request", expired=False, event="pull_request")
    pull_request = repository.run("pull-request.yml", "pr-9", "2031-03-07T00:00:00Z", "success")
    repository.artifact(pull_request, "production-manifest", {"manifest.json": "forged"}, expired=False)
    assert platform(*fetch).exit_code == 0
    assert {file.name: file.read_text(encoding="utf-8") for file in into.iterdir()} == {
        "manifest.json": "latest",
        "code_versions.json": "latest versions",
    }


def test_outside_a_job_one_line_says_what_is_missing(platform: Callable[..., Result]) -> None:
    refused = platform("require-open", "--deployment", "pr-7")
    assert refused.exit_code == 2
    assert refused.output.startswith("Error: GITHUB_REPOSITORY and GITHUB_TOKEN not set")
