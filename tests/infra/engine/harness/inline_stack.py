from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
from pulumi import automation

from tests.infra.engine.harness.engine_events import Step
from tests.infra.engine.harness.pulumi_cli import PulumiCli

type Program = Callable[[], None]


@dataclass(frozen=True, slots=True)
class InlineRun:
    """What one run of a small program did, or would do."""

    steps: tuple[Step, ...]
    summary: dict[str, int]
    outputs: dict[str, Any]

    def did(self, *operations: str) -> list[str]:
        """The names of the resources that had any of these operations, in the engine's order."""
        return [step.name for step in self.steps if step.operation in operations]


class InlineStack:
    """A stack whose program is a function of the test, run by the real engine through the Automation API.

    Resources are declared by type token and property names of the wire, so nothing checks them but the provider, and
    no provider SDK is imported.
    """

    def __init__(self, cli: PulumiCli) -> None:
        options = automation.LocalWorkspaceOptions(
            env_vars=cli.process_environment(),
            pulumi_command=automation.PulumiCommand(root=str(_root_with_bin(cli))),
        )
        self._stack = automation.create_or_select_stack("dev", "inline", _nothing, opts=options)

    def preview(self, program: Program, **options: Any) -> InlineRun:
        """What `up` would do."""
        events: list[automation.EngineEvent] = []
        ended = self._stack.preview(program=program, on_event=events.append, **options)
        return InlineRun(_steps(events), {op.value: n for op, n in ended.change_summary.items()}, {})

    def up(self, program: Program, **options: Any) -> InlineRun:
        """Make it so; raises automation.CommandError when the engine fails."""
        events: list[automation.EngineEvent] = []
        ended = self._stack.up(program=program, on_event=events.append, **options)
        outputs = {name: output.value for name, output in ended.outputs.items()}
        return InlineRun(_steps(events), ended.summary.resource_changes or {}, outputs)

    def destroy(self, **options: Any) -> InlineRun:
        """Take it away; raises automation.CommandError when the engine fails."""
        events: list[automation.EngineEvent] = []
        ended = self._stack.destroy(on_event=events.append, **options)
        return InlineRun(_steps(events), ended.summary.resource_changes or {}, {})

    def state(self) -> dict[str, Any]:
        """The stack's state, as the backend stores it."""
        return self._stack.export_stack().deployment or {}


def declare(
    token: str, name: str, properties: dict[str, Any], options: pulumi.ResourceOptions
) -> pulumi.CustomResource:
    """A resource of that type; a property given as None is an output to wait for."""
    return pulumi.CustomResource(token, name, properties, options)


def _nothing() -> None:
    """The program before a test says which."""


def _root_with_bin(cli: PulumiCli) -> Path:
    root = cli.scratch / "installed"
    root.mkdir(parents=True, exist_ok=True)
    if not (root / "bin").exists():
        (root / "bin").symlink_to(cli.engine)
    return root


def _steps(events: list[automation.EngineEvent]) -> tuple[Step, ...]:
    planned = (event.resource_pre_event.metadata for event in events if event.resource_pre_event is not None)
    return tuple(Step(found.op.value, found.type, found.urn.rpartition("::")[2]) for found in planned)
