"""A checkout whose locations load in no time, and the image that they are served from."""

import json
import subprocess
import sys
from pathlib import Path

from tests.fakes.container_registry import Image, ImageRegistry
from tests.fakes.dagster_plus.organisation import RELEASER

REGISTRY = "registry.example.com/tests/release"
_CONFIGURATION = f"""
locations:
  - location_name: small
    code_source: {{module_name: small}}
    build: {{directory: ., registry: {REGISTRY}}}
    agent_queue: data-platform
    container_context:
      k8s:
        security_context:
          runAsNonRoot: true
          allowPrivilegeEscalation: false
          readOnlyRootFilesystem: true
          capabilities: {{drop: [ALL]}}
          seccompProfile: {{type: RuntimeDefault}}
        volumes: [{{name: scratch, emptyDir: {{}}}}]
        volume_mounts: [{{name: scratch, mountPath: /scratch}}]
        server_k8s_config: {{container_config: {{env: [{{name: LOADS, value: "yes"}}]}}}}
        run_k8s_config:
          container_config:
            env:
              - name: RAINFALL
                valueFrom: {{secretKeyRef: {{name: gauges, key: RAINFALL, optional: true}}}}
"""
_LOCATION = """
import os

import dagster as dg
from platform_contract.automation import automation_is_on
from platform_runtime.automation import Automation


@dg.op
def read_gauge() -> float:
    return float(os.environ["RAINFALL"])


@dg.job
def measure() -> None:
    read_gauge()


@dg.asset
def rain(context: dg.AssetExecutionContext) -> None:
    context.log.info("it rains")


@dg.asset(deps=[rain])
def puddles() -> None: ...


@dg.asset_check(asset=rain)
def wet() -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=True)


build = dg.define_asset_job("rain_build", selection=dg.AssetSelection.all())


@dg.sensor(job=measure)
def without_a_status() -> dg.SkipReason:
    return dg.SkipReason("it does not rain")


@dg.definitions
def defs() -> dg.Definitions:
    if os.environ.get("BROKEN"):
        raise ValueError("the gauge is broken")
    automation = Automation(automation_is_on(os.environ))
    daily = dg.ScheduleDefinition(
        name="daily", job=measure, cron_schedule="0 6 * * *", default_status=automation.schedules
    )
    return dg.Definitions(
        assets=[rain, puddles], asset_checks=[wet], jobs=[measure, build], sensors=[without_a_status], schedules=[daily]
    )
"""


def write_small_checkout(checkout: Path) -> None:
    """A repository `acme/rain` of one location, with a commit."""
    (checkout / "dbt_project").mkdir(parents=True)
    (checkout / "workspace.yaml").write_text("load_from: []\n", encoding="utf-8")
    (checkout / "dagster_cloud.yaml").write_text(_CONFIGURATION, encoding="utf-8")
    (checkout / "small.py").write_text(_LOCATION, encoding="utf-8")
    author = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
    for command in (
        ("init", "--quiet"),
        ("remote", "add", "origin", "https://github.com/acme/rain.git"),
        ("add", "."),
        (*author, "commit", "--quiet", "-m", "Measure the rain"),
    ):
        subprocess.run(["git", *command], cwd=checkout, check=True, capture_output=True)


def small_image(checkout: Path, **environment: str) -> Image:
    """An image that holds the checkout and runs in the environment of the tests."""
    own = {"PYTHONPATH": str(checkout), "HOME": "/scratch", "TMPDIR": "/scratch"}
    return Image(checkout, Path(sys.executable).parent, {**own, **environment})


def release_small_image(images: ImageRegistry, checkout: Path, **environment: str) -> str:
    """Push that image for dev and prod; what `platform deploy` takes for it."""
    digest = images.push(RELEASER, f"{REGISTRY}:small-abc", small_image(checkout, **environment))
    return json.dumps({"small": digest})
