import runpy
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pulumi
from pulumi import automation

from tests.infra.engine.harness.engine_events import EngineEvents, Step
from tests.infra.engine.harness.engine_run import EngineRun
from tests.infra.engine.harness.pulumi_cli import PulumiCli
from tests.infra.engine.harness.stopped_programs import discard_stopped_programs

type Program = Callable[[], None]


class InlineStack:
    """A stack whose program runs in the test's own process, through the Automation API.

    What the program imports is imported once for all runs, which is what this is for.
    """

    def __init__(self, cli: PulumiCli, folder: Path, name: str) -> None:
        self.cli = cli
        self._folder = folder
        options = automation.LocalWorkspaceOptions(
            work_dir=str(folder),
            env_vars=cli.process_environment(),
            pulumi_command=automation.PulumiCommand(root=str(_root_with_bin(cli))),
        )
        self._stack = automation.create_or_select_stack(name, folder.name, self._own_program, opts=options)

    def preview(self, program: Program | None, refresh: bool) -> EngineRun:
        """What `up` would do, after a look at the clouds when `refresh` says so; None is the folder's own program."""
        return self._run(self._stack.preview, program=program or self._own_program, refresh=refresh)

    def up(self, program: Program | None, refresh: bool) -> EngineRun:
        """Make it so."""
        return self._run(self._stack.up, program=program or self._own_program, refresh=refresh)

    def destroy(self) -> EngineRun:
        """Take it away."""
        return self._run(self._stack.destroy)

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs, secrets opened."""
        return {name: output.value for name, output in self._stack.outputs().items()}

    def _own_program(self) -> None:
        runpy.run_path(str(self._folder / "__main__.py"), run_name="__main__")

    def _run(self, command: Callable[..., Any], **options: Any) -> EngineRun:  # noqa: ANN401 - the API's own
        discard_stopped_programs()
        events: list[automation.EngineEvent] = []
        printed: list[str] = []
        started = time.monotonic()
        try:
            command(on_event=events.append, on_output=printed.append, **options)
            code = 0
        except automation.CommandError as error:
            printed.append(str(error))
            code = 1
        return EngineRun(code, "\n".join(printed), _events(events), time.monotonic() - started)


class Declared(pulumi.CustomResource):
    """A resource declared by type token and property names of the wire: nothing checks it but the provider.

    Its outputs are attributes; a property declared as None is one to wait for.
    """

    def __getattr__(self, name: str) -> pulumi.Output[Any]:
        raise AttributeError(f"{name} was not among the declared properties")


def _root_with_bin(cli: PulumiCli) -> Path:
    root = cli.scratch / "installed"
    root.mkdir(parents=True, exist_ok=True)
    if not (root / "bin").exists():
        (root / "bin").symlink_to(cli.engine)
    return root


def _events(events: list[automation.EngineEvent]) -> EngineEvents:
    planned = [event.resource_pre_event.metadata for event in events if event.resource_pre_event is not None]
    failed = [event.res_op_failed_event.metadata for event in events if event.res_op_failed_event is not None]
    said = [event.diagnostic_event for event in events if event.diagnostic_event is not None]
    summaries = [event.summary_event.resource_changes for event in events if event.summary_event is not None]
    return EngineEvents(
        steps=tuple(map(_step, planned)),
        failed=tuple(map(_step, failed)),
        errors=tuple(one.message for one in said if one.severity == "error"),
        summary={str(operation): count for summary in summaries for operation, count in summary.items()},
    )


def _step(metadata: automation.StepEventMetadata) -> Step:
    return Step(metadata.op.value, metadata.type, metadata.urn.rpartition("::")[2])
