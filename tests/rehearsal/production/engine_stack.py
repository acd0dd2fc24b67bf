from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, override

import yaml
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.fakes.pulumi_provider.server import serve
from tests.infra.engine.harness.credentials import CREDENTIALS
from tests.infra.engine.harness.inline_stack import InlineStack
from tests.infra.engine.harness.program_folder import copy_program
from tests.infra.engine.harness.pulumi_cli import PulumiCli, Stack
from tests.rehearsal.production.clouds_of_stack import CloudsOfStack
from tests.rehearsal.production.dev_stack import DATABRICKS, DevStack, StandIns, stores_hold


@dataclass(frozen=True, slots=True)
class _Program:
    """Stack `dev` of one program: as users run it, and in the test's own process where only speed differs."""

    name: str
    stack: Stack
    inline: InlineStack


class EngineStack(DevStack):
    """The stack as the real Pulumi engine applies it, through fake providers that make things in the stand-ins."""

    def __init__(self, stand_ins: StandIns, clouds: CloudsOfStack, programs: tuple[_Program, ...]) -> None:
        self._stand_ins = stand_ins
        self._clouds = clouds
        self._programs = programs

    @override
    def up(self) -> dict[str, int]:
        # With a look at the clouds first: what the pipelines make there is no drift.
        runs = [program.inline.up(None, refresh=True).succeeded() for program in self._programs]
        self._clouds.let_in()
        return dict(sum((Counter(run.changed) for run in runs), Counter[str]()))

    @override
    def environment(self) -> dict[str, str]:
        said: dict[str, str] = {}
        for program in self._programs:
            said |= program.inline.outputs()["environment"]
        return said

    @override
    def warehouses(self) -> set[str]:
        return self._clouds.warehouses()

    @override
    def destroy(self) -> None:
        for program in reversed(self._programs):
            program.stack.destroy().succeeded()
        self._clouds.let_in()

    @override
    def remains(self) -> list[str]:
        kept = (f"{one['type']} in the state" for program in self._programs for one in program.stack.resources())
        return [*self._clouds.made(), *stores_hold(self._stand_ins), *kept]


@contextmanager
def engine_stack(engine: Path, environment: Path, workplace: Path, stand_ins: StandIns) -> Iterator[EngineStack]:
    """Stack `dev` of both programs, configured as its operator would, not up yet.

    Args:
        engine: the folder of the Pulumi CLI.
        environment: the virtual environment that programs run in.
        workplace: where the programs are copied to, and the state is kept.
        stand_ins: what the fake clouds make things in.
    """
    clouds = CloudsOfStack(stand_ins)
    settings = {
        "snowflake": {"users": {"dagster": _key_pair(stand_ins)}},
        "databricks": {"storage_trust": "established"},
    }
    with serve(clouds.snowflake) as one, serve(clouds.databricks) as other:
        cli = PulumiCli(engine, environment, workplace / "engine", [one.attachment, other.attachment], CREDENTIALS)
        programs = [_program(cli, name, workplace / "checkout", own) for name, own in settings.items()]
        yield EngineStack(stand_ins, clouds, tuple(programs))


def _program(cli: PulumiCli, name: str, checkout: Path, settings: Mapping[str, Any]) -> _Program:
    folder = copy_program(name, checkout)
    _configure(folder / f"Pulumi.{DATABRICKS.deployment}.yaml", f"platform-{name}", settings)
    stack = Stack(cli, folder, DATABRICKS.deployment.name).init()
    return _Program(name, stack, InlineStack(cli, folder, stack.name))


def _configure(stack_file: Path, project: str, settings: Mapping[str, Any]) -> None:
    """Put settings into a stack's file, beside those that are there."""
    content = yaml.safe_load(stack_file.read_text(encoding="utf-8"))
    for name, value in settings.items():
        key = f"{project}:{name}"
        present = content["config"].get(key)
        content["config"][key] = {**present, **value} if isinstance(present, dict) else value
    stack_file.write_text(yaml.safe_dump(content), encoding="utf-8")


def _key_pair(stand_ins: StandIns) -> dict[str, str]:
    public = stand_ins.key.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return {"kind": "key_pair", "public_key": public.decode()}
