import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from tests.fakes.dagster_plus.server import DagsterPlus
from tests.fakes.dagster_plus.small_location import REGISTRY, release_small_image


@pytest.mark.slow
def test_a_full_deployment_serves_the_image_of_a_digest_and_runs_its_jobs(
    platform: Callable[..., Result], plus: DagsterPlus, checkout: Path, tmp_path: Path
) -> None:
    images = release_small_image(plus.organisation.images, checkout)
    link = tmp_path / "link"
    deployed = platform("deploy", "--deployment", "prod", "--images", images, "--link-file", str(link))
    assert deployed.exit_code == 0, deployed.output
    assert deployed.output.splitlines()[-1] == f"prod is deployed: {plus.url}/prod"
    assert link.read_text(encoding="utf-8") == f"{plus.url}/prod\n"

    prod = plus.organisation.deployments["prod"]
    server = prod.locations["small"].server
    assert server is not None
    assert server.process.poll() is None
    commit = subprocess.check_output(["git", "rev-parse", "HEAD"], cwd=checkout, text=True).strip()
    document = prod.locations["small"].document
    assert document["git"]["commit_hash"] == commit
    assert document["image"] == f"{REGISTRY}@{json.loads(images)['small']}"

    measure = ("launch", "--deployment", "prod", "--location", "small", "--job", "measure")
    dry = platform(*measure)
    assert dry.exit_code == 1
    assert "measure in prod is FAILURE" in dry.output.splitlines()[-1]
    plus.organisation.agents["prod"].namespace.secrets["gauges"] = {"RAINFALL": "4.5"}
    measured = platform(*measure)
    assert measured.exit_code == 0, measured.output
    assert [run.status for run in prod.runs.values()] == ["FAILURE", "SUCCESS"]
    missing = platform("launch", "--deployment", "prod", "--location", "small", "--job", "nothing")
    assert missing.exit_code == 1
    assert missing.output.splitlines()[-1].startswith("Error: launching nothing of small failed: ")
