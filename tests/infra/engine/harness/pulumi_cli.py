import json
import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.infra.engine.harness.engine_events import read_events
from tests.infra.engine.harness.engine_run import EngineRun

_TIMEOUT_SECONDS = 180
_COMMANDS_WITH_EVENTS = frozenset({"destroy", "import", "preview", "refresh", "up"})
# What a program or the engine may read of the machine's own environment; a credential is never among it.
_KEPT_VARIABLES = ("HOME", "LANG", "TMPDIR", "SYSTEMROOT")


@dataclass(frozen=True, slots=True)
class PulumiCli:
    """The real CLI as users run it on a program folder, with a home, a backend and providers of the test's own.

    `providers` are attachments such as `snowflake:40123`; `variables` are added to the program's environment.
    """

    engine: Path
    environment: Path
    scratch: Path
    providers: Sequence[str]
    variables: Mapping[str, str]

    def run(self, folder: Path, *arguments: str) -> EngineRun:
        """`pulumi -C <folder> <arguments>`, with the engine's events where the command is one that has any."""
        self.scratch.mkdir(parents=True, exist_ok=True)
        log = self.scratch / "events.json"
        log.unlink(missing_ok=True)
        logged = ("--event-log", str(log)) if arguments[0] in _COMMANDS_WITH_EVENTS else ()
        command = [str(self.engine / "pulumi"), "-C", str(folder), "--non-interactive", "--color", "never", *arguments]
        started = time.monotonic()
        ended = subprocess.run(
            [*command, *logged],
            env=self.process_environment(),
            capture_output=True,
            text=True,
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
        seconds = time.monotonic() - started
        return EngineRun(ended.returncode, ended.stdout + ended.stderr, read_events(log), seconds)

    @property
    def backend(self) -> Path:
        """The folder that stands for the bucket with the stacks' state."""
        return self.scratch / "state"

    def stored(self) -> str:
        """Everything in the backend: states, their backups and history, as whoever can read the bucket can read it."""
        files = sorted(found for found in self.backend.rglob("*") if found.is_file())
        return "\n".join(found.read_text(encoding="utf-8") for found in files)

    def process_environment(self) -> dict[str, str]:
        """The whole environment of the CLI and, through it, of the program."""
        kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        self.backend.mkdir(parents=True, exist_ok=True)
        return {
            **kept,
            # The environment's Python comes first: the program and its host run with it.
            "PATH": os.pathsep.join((str(self.environment / "bin"), str(self.engine), os.environ["PATH"])),
            "PULUMI_BACKEND_URL": self.backend.as_uri(),
            "PULUMI_CONFIG_PASSPHRASE": "passphrase of the tests",
            "PULUMI_DEBUG_COMMANDS": "true",
            "PULUMI_DEBUG_PROVIDERS": ",".join(self.providers),
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
            "PULUMI_HOME": str(self.scratch / "home"),
            "PULUMI_SKIP_UPDATE_CHECK": "true",
            **self.variables,
        }


@dataclass(frozen=True, slots=True)
class Stack:
    """One stack of one program folder."""

    cli: PulumiCli
    folder: Path
    name: str

    def init(self) -> "Stack":
        """This stack, made."""
        self.run("stack", "init").succeeded()
        return self

    def run(self, *arguments: str) -> EngineRun:
        """Any command of the CLI on this stack."""
        return self.cli.run(self.folder, *arguments, "--stack", self.name)

    def configure(self, key: str, value: str) -> None:
        """Set one setting of the stack, by the `a.b` path of its key."""
        self.run("config", "set", "--path", key, value).succeeded()

    def unset(self, key: str) -> None:
        """Remove one setting of the stack, by the `a.b` path of its key."""
        self.run("config", "rm", "--path", key).succeeded()

    def preview(self, *options: str) -> EngineRun:
        """`pulumi preview`."""
        return self.run("preview", *options)

    def up(self, *options: str) -> EngineRun:
        """`pulumi up` without a preview of its own."""
        return self.run("up", "--yes", "--skip-preview", *options)

    def destroy(self, *options: str) -> EngineRun:
        """`pulumi destroy`, which previews first."""
        return self.run("destroy", "--yes", *options)

    def resources(self) -> list[dict[str, Any]]:
        """The resources in the stack's state."""
        exported = self.run("stack", "export").succeeded().output
        return json.loads(exported)["deployment"].get("resources", [])

    def outputs(self) -> str:
        """The stack's outputs as they are printed."""
        return self.run("stack", "output", "--json").succeeded().output
