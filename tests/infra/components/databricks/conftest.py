import itertools
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from platform_infra.databricks.program import databricks_program

from tests.fakes.pulumi_mocks.recorder import RecordedStack, run_program

PROJECT = "platform-databricks"
PROGRAM = Path(__file__).parents[4] / "infra" / "databricks"


def _stack_files(stack: str) -> dict[str, Any]:
    """What the engine makes of the project's defaults and the stack's own file, values as YAML has them."""
    project = yaml.safe_load((PROGRAM / "Pulumi.yaml").read_text(encoding="utf-8"))
    config = {key: stated["value"] for key, stated in project["config"].items()}
    own = PROGRAM / f"Pulumi.{stack}.yaml"
    if own.is_file():
        config |= yaml.safe_load(own.read_text(encoding="utf-8"))["config"]
    return config


def _as_engine(value: object) -> str:
    """The text in which the engine hands a value over."""
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value) if isinstance(value, dict | list) else str(value)


class _Cloud:
    """What the account adds to what it is given: ids are numbers, a principal has an application id."""

    def __init__(self) -> None:
        self._numbers = itertools.count(5001)

    def __call__(self, type_token: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
        match type_token.rpartition(":")[2]:
            case "ServicePrincipal":
                return {"id": str(next(self._numbers)), "applicationId": f"application of {inputs['displayName']}"}
            case "BudgetPolicy" if "policyName" in inputs:
                return {"policyId": f"policy of {inputs['policyName']}"}
            case "SqlEndpoint":
                return {"id": "abc", "odbcParams": {"hostname": "dbc.example", "path": "/sql/1.0/warehouses/abc"}}
            case "StorageCredential" if "awsIamRole" in inputs:
                made = {"externalId": "made-up-id", "unityCatalogIamArn": "arn:aws:iam::1:role/unity"}
                return {"awsIamRole": {**inputs["awsIamRole"], **made}}
            case "StorageCredential" if "databricksGcpServiceAccount" in inputs:
                return {"databricksGcpServiceAccount": {"email": "unity@databricks.example"}}
        return {}


@pytest.fixture(scope="session")
def workspaces() -> Mapping[str, Any]:
    """The table of workspaces as the project's file has it, to be copied and changed."""
    return _stack_files("dev")[f"{PROJECT}:workspaces"]


@pytest.fixture(scope="session")
def run_stack() -> Callable[..., RecordedStack]:
    """Run the program as one stack, on its real files but for the settings that a test states; None leaves one out."""

    def run(stack: str, **settings: object) -> RecordedStack:
        config = _stack_files(stack) | {f"{PROJECT}:{key}": value for key, value in settings.items()}
        engine_config = {key: _as_engine(value) for key, value in config.items() if value is not None}
        return run_program(databricks_program, PROJECT, stack, engine_config, _Cloud())

    return run


@pytest.fixture(scope="session")
def recorded(run_stack: Callable[..., RecordedStack]) -> Mapping[str, RecordedStack]:
    """The three kinds of cloud stack on their own files, once the cloud trusts the storage."""
    return {
        "dev": run_stack("dev", storage_trust="established"),
        "prod": run_stack("prod", storage_trust="established"),
        "pr-7": run_stack("pr-7"),
    }
