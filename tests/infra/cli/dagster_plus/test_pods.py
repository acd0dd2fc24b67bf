"""The pods of `dagster_cloud.yaml` are admitted where the standard `restricted` is enforced, and take no write."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from platform_contract.local_paths import checkout

from tests.fakes.dagster_plus.pod_security import ForbiddenPodError, admit, confined
from tests.fakes.dockerfile import image_environment

ROOT = checkout(Path(__file__))
LOCATIONS = yaml.safe_load((ROOT / "dagster_cloud.yaml").read_text(encoding="utf-8"))["locations"]
KUBERNETES = {one["location_name"]: one["container_context"]["k8s"] for one in LOCATIONS}
PROGRAM = """
import pathlib, sys
inside, outside = map(pathlib.Path, sys.argv[1:])
inside.mkdir()
(inside / "a").write_text("kept")
outside.mkdir(exist_ok=True)
for refused in (lambda: (outside / "a").write_text(""), (outside / "b").mkdir, outside.rmdir):
    try:
        refused()
    except OSError as error:
        print(error.strerror)
"""


@pytest.mark.parametrize("name", KUBERNETES)
def test_a_pod_is_admitted_and_writes_to_one_volume_alone(name: str) -> None:
    kubernetes: dict[str, Any] = KUBERNETES[name]
    admit(name, kubernetes)
    assert kubernetes["security_context"]["readOnlyRootFilesystem"] is True
    (volume,) = [one for one in kubernetes["volumes"] if "emptyDir" in one]
    assert volume["emptyDir"]["sizeLimit"]
    (path,) = [one["mountPath"] for one in kubernetes["volume_mounts"] if one["name"] == volume["name"]]
    image = image_environment((ROOT / "Dockerfile").read_text(encoding="utf-8"), Path("/app"))
    assert {variable for variable, value in image.items() if value == path} == {"HOME", "PLATFORM_LOCAL_ROOT", "TMPDIR"}


def test_what_is_written_elsewhere_is_refused_as_linux_refuses_it(tmp_path: Path) -> None:
    scratch, outside = tmp_path / "scratch", tmp_path / "root"
    scratch.mkdir()
    outside.mkdir()
    environment = confined({}, KUBERNETES["databricks_delta"], [scratch])
    command = [sys.executable, "-c", PROGRAM, str(scratch / "below"), str(outside)]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == ["Read-only file system"] * 3
    assert (scratch / "below" / "a").read_text(encoding="utf-8") == "kept"
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize(
    ("taken_away", "violation"),
    [
        ("allowPrivilegeEscalation", "allowPrivilegeEscalation != false"),
        ("capabilities", "unrestricted capabilities"),
        ("runAsNonRoot", "runAsNonRoot != true"),
        ("seccompProfile", "seccompProfile"),
    ],
)
def test_kubernetes_refuses_a_pod_that_asks_for_more(taken_away: str, violation: str) -> None:
    context = KUBERNETES["databricks_delta"]["security_context"]
    less = {name: value for name, value in context.items() if name != taken_away}
    with pytest.raises(ForbiddenPodError, match=violation):
        admit("any", {"security_context": less})
