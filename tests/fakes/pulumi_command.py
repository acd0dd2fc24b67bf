"""A `pulumi` on PATH that writes down how it was called and answers as the CLI would."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_SCRIPT = """#!{python}
import json, os, sys
from pathlib import Path

home = Path({home!r})
arguments = sys.argv[1:]
kept = ("PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "PATH")
call = {{"arguments": arguments, "environment": {{key: os.environ.get(key) for key in kept}}}}
with (home / "calls.jsonl").open("a", encoding="utf-8") as log:
    log.write(json.dumps(call) + "\\n")
answers = json.loads((home / "answers.json").read_text(encoding="utf-8"))
# Most commands run in a program's folder: -C <folder> <command>.
called = [Path(arguments[1]).name, *arguments[2:]] if arguments[0] == "-C" else arguments
for start, answer in answers.items():
    if " ".join(called).startswith(start):
        print(answer["output"])
        sys.exit(answer["code"])
"""


@dataclass(frozen=True, slots=True)
class FakePulumi:
    """The command's calls, and what it answers: `<program> <start of the command>` → output and exit code."""

    home: Path
    answers: dict[str, dict[str, Any]]

    def answer(self, start: str, output: object, code: int) -> None:
        """From now on answer so; an output that is no text is printed as JSON."""
        text = output if isinstance(output, str) else json.dumps(output)
        self.answers[start] = {"output": text, "code": code}
        (self.home / "answers.json").write_text(json.dumps(self.answers), encoding="utf-8")

    def calls(self) -> list[dict[str, Any]]:
        """Every call so far: arguments, and what of its environment matters."""
        log = self.home / "calls.jsonl"
        return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()] if log.is_file() else []

    def commands(self) -> list[str]:
        """Every call so far on a program, as `<program> <command>`."""
        on_programs = (c["arguments"] for c in self.calls() if c["arguments"][0] == "-C")
        return [" ".join((Path(folder).name, *command)) for _, folder, *command in on_programs]


def install_fake_pulumi(folder: Path, python: str) -> FakePulumi:
    """Make the command in a folder, to be put on PATH; it knows of no stack until told otherwise."""
    folder.mkdir(parents=True)
    command = folder / "pulumi"
    command.write_text(_SCRIPT.format(python=python, home=str(folder)), encoding="utf-8")
    command.chmod(0o755)
    fake = FakePulumi(folder, {})
    fake.answer("version", "v3.1000.0", 0)
    for program in ("local", "snowflake", "databricks"):
        fake.answer(f"{program} stack ls", [], 0)
        fake.answer(f"{program} stack output", {}, 0)
    return fake
