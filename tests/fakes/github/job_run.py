import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fakes.github.expressions import evaluate, functions_in, interpolate, truthy
from tests.fakes.github.runner import Job, Runner
from tests.github.workflow_files import read

FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "fromJSON": json.loads,
    # A key that says which files it is of.
    "hashFiles": lambda *patterns: "-".join(patterns),
    "toJSON": json.dumps,
}
_STATUS_FUNCTIONS = {"success", "failure", "always", "cancelled"}
_KNOWN_STEP_KEYS = {"env", "id", "if", "name", "run", "shell", "uses", "with"}
_CHANNELS = ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_PATH")


@dataclass(frozen=True, slots=True)
class Ended:
    """Something that a step did: a line of the shell, or what stood in for it."""

    step: str
    what: str
    by_shell: bool
    succeeded: bool
    seconds: float
    output: str


@dataclass(slots=True)
class JobRun:
    """One job, or one of those that its matrix makes."""

    runner: Runner
    job: dict[str, Any]
    contexts: dict[str, Any]
    lost_after: str | None
    result: str = "success"
    ended: list[Ended] = field(default_factory=list)
    _steps: dict[str, dict[str, Any]] = field(default_factory=dict)
    _path: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Run its steps, in order."""
        environment = self.job.get("environment")
        named = None if environment is None else self._text(environment, self.contexts)
        machine = self.runner.start(self.job["permissions"], named, self.contexts["github"])
        self.contexts |= {
            "github": machine.event,
            "runner": {"os": "Linux", "temp": str(machine.temporary)},
            "secrets": machine.settings.secrets,
            "steps": self._steps,
            "vars": machine.settings.variables,
        }
        machine.variables |= self._texts(self.job.get("env", {}), self.contexts)
        for step in self.job["steps"]:
            self._step(machine, step)
            if self.lost_after is not None and step.get("id") == self.lost_after:
                self.result = "cancelled"
                return

    def outputs(self) -> dict[str, str]:
        """What it hands on."""
        return self._texts(self.job.get("outputs", {}), self.contexts)

    def _step(self, machine: Job, step: dict[str, Any]) -> None:
        outputs: dict[str, str] = {}
        outcome = "skipped"
        if self._is_due(step):
            outcome = "success" if self._perform(machine, step, self.contexts, outputs) else "failure"
        if outcome == "failure":
            self.result = "failure"
        if "id" in step:
            self._steps[step["id"]] = {"outcome": outcome, "conclusion": outcome, "outputs": outputs}

    def _is_due(self, step: dict[str, Any]) -> bool:
        condition = str(step.get("if", "success()"))
        succeeded = self.result == "success"
        if not _STATUS_FUNCTIONS & set(functions_in(condition)) and not succeeded:
            return False
        functions = {
            "always": lambda: True,
            "cancelled": lambda: False,
            "failure": lambda: not succeeded,
            "success": lambda: succeeded,
        }
        return truthy(evaluate(condition, self.contexts, functions))

    def _perform(
        self, machine: Job, step: dict[str, Any], contexts: Mapping[str, Any], outputs: dict[str, str]
    ) -> bool:
        """Do what a step says; whether that went well."""
        assert set(step) <= _KNOWN_STEP_KEYS, step
        if "run" in step:
            return self._line(machine, step, contexts, outputs)
        given = self._texts(step.get("with", {}), contexts)
        uses = step["uses"]
        if uses.startswith("./"):
            return self._composite(machine, machine.folder / uses / "action.yml", contexts, given)
        action = uses.partition("@")[0]
        began = time.monotonic()
        done = self.runner.act(machine, action, given)
        self.ended.append(Ended(step.get("id", ""), action, False, True, time.monotonic() - began, done))
        return True

    def _composite(self, machine: Job, file: Path, contexts: Mapping[str, Any], given: dict[str, str]) -> bool:
        action = read(file)
        declared = action["inputs"]
        assert given.keys() <= declared.keys(), file
        assert {name for name, one in declared.items() if one["required"] is True} <= given.keys(), file
        inside = {**contexts, "inputs": given}
        return all(self._perform(machine, step, inside, {}) for step in action["runs"]["steps"])

    def _line(self, machine: Job, step: dict[str, Any], contexts: Mapping[str, Any], outputs: dict[str, str]) -> bool:
        line = self._text(step["run"], contexts)
        if line in self.runner.skipped:
            self.ended.append(Ended(step.get("id", ""), line, False, True, 0.0, self.runner.skipped[line]))
            return True
        channels = {name: machine.temporary / name for name in _CHANNELS}
        for file in channels.values():
            file.write_text("", encoding="utf-8")
        variables = {
            **machine.variables,
            **{name: str(file) for name, file in channels.items()},
            **self._texts(step.get("env", {}), contexts),
        }
        variables["PATH"] = os.pathsep.join([*reversed(self._path), variables["PATH"]])
        began = time.monotonic()
        code, output = self.runner.shell(machine, line, variables)
        self.ended.append(Ended(step.get("id", ""), line, True, code == 0, time.monotonic() - began, output))
        machine.variables |= _assignments(channels["GITHUB_ENV"])
        outputs |= _assignments(channels["GITHUB_OUTPUT"])
        self._path += channels["GITHUB_PATH"].read_text(encoding="utf-8").splitlines()
        return code == 0

    def _texts(self, values: Mapping[str, Any], contexts: Mapping[str, Any]) -> dict[str, str]:
        return {name: self._text(value, contexts) for name, value in values.items()}

    def _text(self, value: Any, contexts: Mapping[str, Any]) -> str:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        return interpolate(text, contexts, FUNCTIONS)


def _assignments(file: Path) -> dict[str, str]:
    """What a step has handed on, `name=value` a line; the form for values of several lines is refused."""
    lines = file.read_text(encoding="utf-8").splitlines()
    assert all("=" in line and "<<" not in line.partition("=")[0] for line in lines), lines
    return dict(line.split("=", 1) for line in lines)
