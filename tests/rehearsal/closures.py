"""Fixtures: the images of the code locations for pull request 7, built once for a whole test run."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from platform_contract.local_paths import checkout

from tests.fakes.dagster_plus.closures import Closure, build_closures, find_uv
from tests.rehearsal.requirements import missing_packages, require_tools

REPOSITORY = checkout(Path(__file__))


@pytest.fixture(scope="session")
def closures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Closure]]:
    """What the image of each location of `dagster_cloud.yaml` holds, built for deployment pr-7."""
    no_uv = [] if find_uv(REPOSITORY) else ["uv (https://docs.astral.sh/uv)"]
    require_tools("The image of a code location", [*no_uv, *missing_packages("dagster_cloud")])
    configured = yaml.safe_load((REPOSITORY / "dagster_cloud.yaml").read_text(encoding="utf-8"))
    folder = tmp_path_factory.mktemp("closures")
    try:
        yield build_closures(REPOSITORY, [one["location_name"] for one in configured["locations"]], ("pr-7",), folder)
    finally:
        # Tens of thousands of files: many times as fast as by Python.
        subprocess.run(["rm", "-rf", str(folder)], check=False)
