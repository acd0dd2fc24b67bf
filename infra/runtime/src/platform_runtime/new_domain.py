"""What `dg scaffold defs` makes of a domain's name: its files, from a template, and its entry in the platform file."""

import tomllib
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, override

import click
import dagster as dg
from platform_contract.domain import Engine
from platform_contract.domains import read_domains
from platform_contract.errors import ContractError
from platform_contract.platform_file import PlatformFile, platform_file
from pydantic import BaseModel, Field

_DOMAIN, _OWNER = "__domain__", "__owner__"


class NewDomainParams(BaseModel):
    """What may be said of a new domain beside its name, which is that of the folder."""

    owner: str = Field("", description="Who answers for it: an address, or team:<name>; team:<domain> unless said")


@dataclass(frozen=True, slots=True)
class NewDomain:
    """A domain that is to be: its name, where it is built, and who answers for it."""

    name: str
    engine: Engine
    owner: str

    @staticmethod
    def requested(request: dg.ScaffoldRequest[NewDomainParams], engine: Engine) -> "NewDomain":
        """What a command asked for.

        Raises:
            click.ClickException: when it asked for Python; a domain is declared in YAML.
        """
        if not any(request.target_path.iterdir()):
            # Made for this request, and it would stand in the way of the next one where this is refused.
            request.target_path.rmdir()
        if request.scaffold_format != "yaml":
            raise click.ClickException("a domain is declared in YAML: leave --format out")
        name = request.target_path.name
        return NewDomain(name, engine, request.params.owner or f"team:{name}")

    def filled_in(self, text: str) -> str:
        """A template's text, or the name of one of its files, with the domain in its place."""
        return text.replace(_DOMAIN, self.name).replace(_OWNER, self.owner)


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A file in which every domain has some lines, and where those of a new one go.

    Attributes:
        file: the file.
        lines: what a new domain adds, with its name to be filled in.
        before: the lines in front of which that goes.
    """

    file: Path
    lines: str
    before: str

    def extended(self, domain: NewDomain) -> str:
        """What the file says once it has the domain.

        Raises:
            click.ClickException: where there are no such lines.
        """
        text = self.file.read_text(encoding="utf-8")
        if f"\n{self.before}" not in text:
            raise click.ClickException(
                f"{self.file} has no {self.before.strip()!r} after an empty line, where {domain.name} goes"
            )
        return text.replace(f"\n{self.before}", f"{domain.filled_in(self.lines)}\n{self.before}", 1)


class DomainScaffolder(dg.Scaffolder[NewDomainParams]):
    """Makes a domain that loads and runs, in the folder of a code location."""

    engine: ClassVar[Engine]
    """Where the domain is built."""

    template: ClassVar[Path]
    """The folder of the template; each of its folders goes to a place of its own."""

    @classmethod
    @override
    def get_scaffold_params(cls) -> type[NewDomainParams]:
        return NewDomainParams

    @override
    def scaffold(self, request: dg.ScaffoldRequest[NewDomainParams]) -> None:
        location = request.project_root
        if location is None:
            raise click.ClickException("run this in the folder of a code location, which has a pyproject.toml")
        domain = NewDomain.requested(request, self.engine)
        places = {"defs": request.target_path, "sample_data": location / "sample_data" / domain.name}
        further, shared = self.further(domain, location)
        scaffold_domain(domain, self.template, {**places, **further}, shared)

    @abstractmethod
    def further(self, domain: NewDomain, location: Path) -> tuple[Mapping[str, Path], Iterable[SharedFile]]:
        """Where further folders of the template go, by their names, and further files that every domain shares."""


def scaffold_domain(
    domain: NewDomain, template: Path, places: Mapping[str, Path], shared: Iterable[SharedFile]
) -> None:
    """Write a domain's files, add it where domains are listed, and say each.

    Args:
        domain: what is to be; it is declared in the platform file, unless it is already.
        template: the folder of the template; each of its folders goes to a place of its own.
        places: where each folder of the template goes, by its name.
        shared: further files in which every domain has some lines.

    Raises:
        click.ClickException: when the name is none for a domain, or taken, or a file is there already; nothing is
            written then.
    """
    made = {to: text for folder, place in places.items() for to, text in _files(domain, template / folder, place)}
    for file in made:
        if file.exists():
            raise click.ClickException(f"{file} is there already: remove it, or choose another name for the domain")
    changed = {one.file: one.extended(domain) for one in shared}
    entry = _entry(domain)
    for file, text in made.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        click.echo(f"Wrote {file}")
    for file, text in changed.items():
        file.write_text(text, encoding="utf-8")
        click.echo(f"Added the settings of {domain.name} to {file}")
    if entry:
        platform_file().path.write_text(platform_file().text + entry, encoding="utf-8")
        click.echo(f"Declared [domains.{domain.name}], of {domain.owner}, in {platform_file().path}")


def _files(domain: NewDomain, template: Path, place: Path) -> Iterator[tuple[Path, str]]:
    for file in sorted(template.rglob("*")):
        if file.is_file():
            yield (
                place / domain.filled_in(str(file.relative_to(template))),
                domain.filled_in(file.read_text(encoding="utf-8")),
            )


def _entry(domain: NewDomain) -> str:
    """What the platform file lacks of the domain: nothing where it is declared as it has to be."""
    try:
        declared = next((one for one in read_domains(platform_file()) if one.name == domain.name), None)
        if declared is None:
            lines = f'\n[domains.{domain.name}]\nengine = "{domain.engine}"\nowners = ["{domain.owner}"]\n'
            text = platform_file().text + lines
            read_domains(PlatformFile(platform_file().path, text, tomllib.loads(text)))
            return lines
    except ContractError as error:
        raise click.ClickException(str(error)) from None
    if declared.engine is not domain.engine:
        raise click.ClickException(
            f"{platform_file().path}: domain {domain.name} is built in {declared.engine}, not in {domain.engine}: "
            "choose another name"
        )
    return ""
