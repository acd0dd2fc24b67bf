import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from click.testing import Result
from platform_contract.local_paths import checkout as checkout_of

from tests.fakes.container_registry import Image, ImagePullError
from tests.fakes.dagster_plus.organisation import (
    PULL_REQUESTER,
    RELEASER,
    Organisation,
    make_repositories,
    new_organisation,
)
from tests.fakes.docker import Docker, DockerError, choose_builder, docker_on_path, sign_in_to_registry

REAL = checkout_of(Path(__file__))
LOCATIONS = ["databricks_delta", "snowflake_medallion", "architecture_patterns"]
FOLDER = "registry.example.com/data-platform"
RELEASE = ("images", "--deployment", "dev", "--deployment", "prod", "--tag", "abc")
PULL_REQUEST = ("images", "--deployment", "pr-7", "--tag", "abc")


@pytest.fixture
def organisation(tmp_path: Path) -> Organisation:
    made = new_organisation(tmp_path / "dagster_plus")
    make_repositories(made, "data-platform")
    return made


@pytest.fixture
def docker(organisation: Organisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Docker]:
    """A `docker` on PATH whose images know what they were built with; nobody is signed in."""
    with docker_on_path(
        tmp_path / "docker", organisation.images, lambda arguments: Image(tmp_path, tmp_path, dict(arguments))
    ) as running:
        monkeypatch.setenv("PATH", str(running.programs))
        monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "config"))
        monkeypatch.delenv("GITHUB_OUTPUT", raising=False)
        monkeypatch.chdir(REAL)
        yield running


@pytest.fixture
def role(tmp_path: Path) -> Callable[[str], None]:
    """Sign in to the registry as a role, with a builder that makes attestations."""

    def take_on(name: str) -> None:
        sign_in_to_registry(tmp_path / "config", name)
        choose_builder(tmp_path / "config")

    return take_on


@pytest.fixture
def output(docker: Docker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file by which a step of a job hands its output on."""
    monkeypatch.setenv("GITHUB_OUTPUT", str(tmp_path / "output"))
    return tmp_path / "output"


def printed(made: Result) -> dict[str, str]:
    assert made.exit_code == 0, made.output
    return json.loads(made.output.splitlines()[-1])


def test_a_release_is_built_once_for_dev_and_prod_with_what_vouches_for_it(
    platform: Callable[..., Result],
    docker: Docker,
    role: Callable[[str], None],
    organisation: Organisation,
    output: Path,
) -> None:
    role(RELEASER)
    digests = printed(platform(*RELEASE))
    assert list(digests) == LOCATIONS
    assert len(set(digests.values())) == 3
    assert [(one.reference, one.digest) for one in docker.builds] == [
        (f"{FOLDER}/release:{location}-abc", digest) for location, digest in digests.items()
    ]
    for one, location in zip(docker.builds, LOCATIONS, strict=True):
        assert one.arguments == {"LOCATION": location, "DEPLOYMENTS": "dev prod"}
        assert one.attestations == {"sbom": "true", "provenance": "mode=max"}
    handed_on = output.read_text(encoding="utf-8")
    assert json.loads(handed_on.removeprefix("images=")) == digests

    for kind, pulls in (("dev", True), ("prod", True), ("branch", False)):
        agent = organisation.agents[kind]
        reference = f"{FOLDER}/release@{digests['databricks_delta']}"
        if pulls:
            assert agent.images.pull(agent.role, reference).environment["DEPLOYMENTS"] == "dev prod"
        else:
            with pytest.raises(ImagePullError, match="not authorized"):
                agent.images.pull(agent.role, reference)


def test_a_run_that_is_repeated_takes_what_the_first_has_pushed(
    platform: Callable[..., Result], docker: Docker, role: Callable[[str], None]
) -> None:
    role(RELEASER)
    first = printed(platform(*RELEASE))
    again = platform(*RELEASE)
    assert printed(again) == first
    assert len(docker.builds) == 3
    assert f"{FOLDER}/release:snowflake_medallion-abc is there already" in again.output


def test_a_tag_that_somebody_has_pushed_meanwhile_is_not_overwritten(
    platform: Callable[..., Result], docker: Docker, role: Callable[[str], None], organisation: Organisation
) -> None:
    role(PULL_REQUESTER)
    taken = f"{FOLDER}/pull-requests:databricks_delta-abc"
    build = docker.build

    def meanwhile(arguments: Mapping[str, str]) -> Image:
        organisation.images.push(PULL_REQUESTER, taken, build({**arguments, "LOCATION": "mine"}))
        return build(arguments)

    docker.build = meanwhile
    failed = platform(*PULL_REQUEST)
    assert failed.exit_code == 1
    assert "the image of databricks_delta was not pushed: Docker ended with 1" in failed.output
    assert organisation.images.repositories["data-platform/pull-requests"].images.popitem()[1].environment == {
        "LOCATION": "mine",
        "DEPLOYMENTS": "pr-7",
    }


def test_a_pull_request_pushes_to_its_own_repository_and_to_no_other(
    platform: Callable[..., Result], docker: Docker, role: Callable[[str], None], organisation: Organisation
) -> None:
    role(PULL_REQUESTER)
    digests = printed(platform(*PULL_REQUEST))
    assert {one.reference.partition(":")[0] for one in docker.builds} == {f"{FOLDER}/pull-requests"}
    assert {one.arguments["DEPLOYMENTS"] for one in docker.builds} == {"pr-7"}
    refused = platform(*RELEASE)
    assert refused.exit_code == 1
    assert f"{PULL_REQUESTER} is not authorized" in refused.output
    assert not organisation.images.repositories["data-platform/release"].images
    assert set(organisation.images.repositories["data-platform/pull-requests"].images) == set(digests.values())


def test_what_cannot_be_built_or_looked_up_ends_the_command(
    platform: Callable[..., Result], docker: Docker, role: Callable[[str], None], organisation: Organisation
) -> None:
    unknown = platform(*RELEASE)
    assert unknown.exit_code == 1
    assert "no basic auth credentials for registry.example.com" in unknown.output

    role(RELEASER)

    def build(arguments: Mapping[str, str]) -> Image:
        raise DockerError(f"failed to build {arguments['LOCATION']}")

    docker.build = build
    failed = platform(*RELEASE)
    assert failed.exit_code == 1
    assert "the image of databricks_delta was not pushed: Docker ended with 1" in failed.output
    assert not organisation.images.repositories["data-platform/release"].tags


def test_a_builder_that_makes_no_attestations_is_refused_by_docker(
    platform: Callable[..., Result], docker: Docker, role: Callable[[str], None], tmp_path: Path
) -> None:
    role(RELEASER)
    (tmp_path / "config" / "buildx" / "current").unlink()
    assert platform(*RELEASE).exit_code == 1
    assert docker.builds == []


@pytest.mark.parametrize(
    ("deployments", "said"),
    [
        (("local",), "is this machine, not Dagster+"),
        (("prd",), "did you mean 'prod'?"),
        (("prod", "pr-7"), "no image serves a pull request and what stands"),
    ],
)
def test_what_has_no_image_is_refused(
    platform: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, deployments: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(REAL)
    options = [word for name in deployments for word in ("--deployment", name)]
    refused = platform("images", *options, "--tag", "abc")
    assert refused.exit_code == 2
    assert said in refused.output


@pytest.mark.parametrize(
    ("registries", "said"),
    [
        (("", "x/release"), "build.registry of location rain-0 is None"),
        (("example.com/rain", "x/release"), "is called <registry>/<name>/release"),
        (("a/release", "b/release"), "build.registry is one for all locations, not a/release, b/release"),
    ],
)
def test_a_registry_that_is_not_the_releases_is_named(
    platform: Callable[..., Result], small_checkout: Path, registries: tuple[str, ...], said: str
) -> None:
    locations = [
        {"location_name": f"rain-{number}", "code_source": {"module_name": "rain"}, "build": {"registry": name or None}}
        for number, name in enumerate(registries)
    ]
    (small_checkout / "dagster_cloud.yaml").write_text(json.dumps({"locations": locations}), encoding="utf-8")
    refused = platform("images", "--deployment", "dev", "--tag", "abc")
    assert refused.exit_code == 2
    assert said in refused.output


@pytest.mark.parametrize(
    ("images", "said"),
    [
        ("", "no JSON"),
        ("[]", "no JSON object"),
        ("{}", "the images are of nothing, and the locations of dagster_cloud.yaml are architecture_patterns"),
        (json.dumps(dict.fromkeys(LOCATIONS, "latest")), "is 'latest', which is no digest: sha256:<64 hexadecimals>"),
    ],
)
def test_only_a_digest_for_each_location_is_deployed(
    platform: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, images: str, said: str
) -> None:
    monkeypatch.chdir(REAL)
    refused = platform("deploy", "--deployment", "prod", "--images", images)
    assert refused.exit_code == 2
    assert said in refused.output
