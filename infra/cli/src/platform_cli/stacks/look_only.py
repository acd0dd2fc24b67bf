"""A look at a stack by somebody who holds no power to change it: production's watcher in Snowflake."""

import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.snowflake_names import Persona, SnowflakeNames
from platform_infra.databricks.unseen import unseen_in_databricks
from platform_infra.snowflake.unseen import unseen_in_snowflake

from platform_cli.stacks.stack import Stack
from platform_cli.stacks.state_settings import BACKEND_VARIABLE

_PROVIDER = "pulumi:providers:snowflake"
# How a folder keeps states, each in its project's: pulumi v3.274.1, pkg/backend/diy/store.go and meta.go.
_META = Path(".pulumi") / "meta.yaml"
_STACKS = Path(".pulumi") / "stacks"


@contextmanager
def looking_only(stack: Stack) -> Iterator[tuple[Stack, tuple[str, ...]]]:
    """The stack to look at until the block is left, and the options that leave out what its watcher cannot see.

    The state names the roles that its objects were made with. It is copied, and in the copy every provider is the
    watcher: so the watcher signs in, nothing differs by that, and nothing can be written to the state itself.

    Raises:
        ContractError: when the state cannot be read.
    """
    exported = stack.cli.ask(stack.folder, "stack", "export", "--stack", stack.deployment.name)
    resources: list[dict[str, Any]] = exported["deployment"].get("resources") or []
    for resource in resources:
        if resource["type"] == _PROVIDER:
            _act_as(resource, SnowflakeNames(stack.deployment).role(Persona.WATCHER))
    with tempfile.TemporaryDirectory(prefix="look-") as folder:
        backend = Path(folder)
        _keep(backend, stack, exported)
        yield _elsewhere(stack, backend), tuple(_leaving_out(resources))


def _act_as(provider: dict[str, Any], role: str) -> None:
    for side in ("inputs", "outputs"):
        provider[side] = {**provider.get(side, {}), "role": role}


def _keep(backend: Path, stack: Stack, exported: Mapping[str, Any]) -> None:
    project = f"platform-{stack.program}"
    file = backend / _STACKS / project / f"{stack.deployment}.json"
    file.parent.mkdir(parents=True)
    (backend / _META).write_text("version: 1\n", encoding="utf-8")
    checkpoint = {"stack": f"organization/{project}/{stack.deployment}", "latest": exported["deployment"]}
    kept = {key: value for key, value in exported.items() if key != "deployment"} | {"checkpoint": checkpoint}
    file.write_text(json.dumps(kept), encoding="utf-8")


def _elsewhere(stack: Stack, backend: Path) -> Stack:
    told = {BACKEND_VARIABLE: backend.as_uri(), EnvironmentVariable.PLATFORM_LOOK_ONLY.value: "true"}
    return replace(stack, cli=replace(stack.cli, environment={**stack.cli.environment, **told}))


def _leaving_out(resources: list[dict[str, Any]]) -> Iterator[str]:
    for resource in resources:
        if unseen_in_snowflake(resource["type"]) or unseen_in_databricks(resource["type"]):
            yield from ("--exclude", resource["urn"])
