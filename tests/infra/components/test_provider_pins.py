"""One pin for each provider, which everything that names a version agrees with."""

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from platform_contract.local_paths import checkout

from tests.fakes.pulumi_provider.databricks.databricks_cloud import DatabricksCloud
from tests.fakes.pulumi_provider.snowflake.snowflake_cloud import SnowflakeCloud

ROOT = checkout(Path(__file__))
PINS = ROOT / "infra" / "components" / "pyproject.toml"


def pinned(package: str) -> str:
    dependencies = tomllib.loads(PINS.read_text(encoding="utf-8"))["project"]["dependencies"]
    (pin,) = [one for one in dependencies if one.startswith(f"{package}==")]
    return pin.partition("==")[2]


@pytest.mark.parametrize("package", ["pulumi", "pulumi-snowflake", "pulumi-databricks"])
def test_what_is_installed_is_what_is_pinned(package: str) -> None:
    assert version(package) == pinned(package)


@pytest.mark.parametrize("cloud", [SnowflakeCloud, DatabricksCloud])
def test_the_fakes_stand_for_the_pinned_providers(cloud: type[SnowflakeCloud | DatabricksCloud]) -> None:
    assert cloud.version == pinned(f"pulumi-{cloud.name}")


def test_no_other_member_names_a_version_of_pulumi() -> None:
    members = [
        ROOT / "pyproject.toml",
        *ROOT.glob("infra/*/pyproject.toml"),
        *ROOT.glob("code_locations/*/pyproject.toml"),
    ]
    naming = [file for file in members if re.search(r'"pulumi[a-z-]*\W', file.read_text(encoding="utf-8"))]
    assert naming == [PINS]
