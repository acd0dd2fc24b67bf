import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from platform_infra.snowflake.program import snowflake_program

from tests.fakes.pulumi_mocks.recorder import RecordedStack, run_program

PROJECT = "platform-snowflake"
PROGRAM = Path(__file__).parents[4] / "infra" / "snowflake"


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


def _cloud(type_token: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """The real provider lower-cases nothing and adds a quoted full name; nobody may rely on it at preview."""
    return {"fullyQualifiedName": f'"{inputs["name"]}"'} if "name" in inputs else {}


@pytest.fixture(scope="session")
def run_stack() -> Callable[..., RecordedStack]:
    """Run the program as one stack, on its real files and whatever settings a test states in their place."""

    def run(stack: str, **settings: object) -> RecordedStack:
        config = _stack_files(stack) | {f"{PROJECT}:{key}": value for key, value in settings.items()}
        return run_program(
            snowflake_program, PROJECT, stack, {key: _as_engine(value) for key, value in config.items()}, _cloud
        )

    return run


@pytest.fixture(scope="session")
def recorded(run_stack: Callable[..., RecordedStack]) -> Mapping[str, RecordedStack]:
    """The three kinds of cloud stack as their files have them."""
    return {stack: run_stack(stack) for stack in ("dev", "prod", "pr-7")}
