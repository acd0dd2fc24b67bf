import json
import os
from collections.abc import Callable
from pathlib import Path

import click
from platform_contract.deployment import Deployment, Trait, deployments
from platform_contract.errors import ContractError
from platform_contract.local_paths import local_root
from platform_infra.adoption.import_file import Adoption, adoption
from platform_infra.adoption.known_ids import KnownIds, read_known_ids, refuse_strangers
from platform_infra.programs.cloud_programs import CLOUD_PROGRAMS, cloud_program
from platform_infra.recording.recorder import RecordedResource

from platform_cli.stacks.stack import Stack, stacks_of
from platform_cli.stacks.stack_option import stack_option

_PROGRAMS = [one.name for one in CLOUD_PROGRAMS]


@click.command()
@stack_option
@click.option(
    "--program", type=click.Choice([one.name for one in CLOUD_PROGRAMS]), required=True, help="Whose objects."
)
@click.option(
    "--ids",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="YAML, `<Kind> <logical name>: <id>` a line: ids that only the cloud knows, null for what is not there.",
)
def adopt(*, stack: Deployment, program: str, ids: Path | None) -> None:
    """Write an import file for what a stack declares and the cloud has already, and say how to import it.

    Whatever is not in the stack's state yet is taken to exist, but for what --ids says is not there, and for what has
    an id that the cloud made up and --ids does not tell. Import it, then `preview` shows what is left to change.
    """
    if not stack.has(Trait.STANDING):
        raise ContractError(
            f"nothing outlives stack {stack} that it could take over: adopt into {deployments().standing_named(' or ')}"
        )
    (one,) = [candidate for candidate in stacks_of(stack) if candidate.program == program]
    folder = local_root(os.environ, Path.cwd()) / "adopt" / stack.name
    folder.mkdir(parents=True, exist_ok=True)
    known = read_known_ids(ids)
    found = _adoption(one, folder / f"{program}.planned.json", known)
    file = folder / f"{program}.json"
    file.write_text(json.dumps(found.content, indent=2), encoding="utf-8")
    _report(one, found, file)


def _adoption(stack: Stack, planned: Path, known: KnownIds) -> Adoption:
    code = (0 if stack.exists() else stack.make()) or stack.run("preview", "--import-file", str(planned))
    if code != 0:
        raise ContractError(f"the preview of {stack.program} failed, and there is nothing to go by")
    resources, id_of = _objects(stack, known)
    refuse_strangers(known, resources)
    entries = json.loads(planned.read_text(encoding="utf-8")).get("resources") or []
    return adoption(entries, resources, id_of, known)


def _objects(stack: Stack, known: KnownIds) -> tuple[list[RecordedResource], Callable[[RecordedResource], str | None]]:
    program = cloud_program(stack.program)
    resources = program.record(stack.folder.parent, stack.deployment).resources
    return resources, program.ids(resources, known)


def _report(stack: Stack, found: Adoption, file: Path) -> None:
    click.echo(f"{len(found.adopted)} objects to take over, in {file}")
    if found.absent:
        click.echo(f"Said not to be there, left to `up`: {', '.join(found.absent)}")
    if found.without_id:
        click.echo(
            f"Left out for want of an id, `up` would make them anew: {', '.join(found.without_id)}. "
            "Where they exist, tell their ids with --ids"
        )
    click.echo(
        f"Next: pulumi -C infra/{stack.program} import --stack {stack.deployment} --file {file} "
        f"--protect=false --generate-code=false, then make preview STACK={stack.deployment}"
    )
