"""What a lakehouse claims for itself: two with one claim would overwrite each other, and both would be green."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from platform_runtime.lakehouse.declaration import DeclarationError
from platform_runtime.lakehouse.lakehouse_declaration import LakehouseDeclaration


class ClaimKind(StrEnum):
    """What can be claimed."""

    TABLE = "table"
    RESOURCE = "resource"
    JOB = "job"
    LANDING_FOLDER = "landing folder"


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that a declaration has for itself."""

    kind: ClaimKind
    name: str

    def meets(self, other: "Claim") -> bool:
        """Whether both are on one thing; who claims a folder claims those in it."""
        if self.kind is not other.kind:
            return False
        if self.kind is ClaimKind.LANDING_FOLDER:
            return f"{self.name}/".startswith(f"{other.name}/") or f"{other.name}/".startswith(f"{self.name}/")
        return self.name == other.name

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


def claims_of(declaration: LakehouseDeclaration[Any]) -> Iterator[Claim]:
    """Everything that a lakehouse has for itself; a table under the name of its asset."""
    domain = declaration.domain
    for layer, name in declaration.table_names:
        yield Claim(ClaimKind.TABLE, f"{domain}/{layer}/{name}")
    published = [f"{table.publish}/{table.name}" for table in declaration.tables if table.publish not in (None, domain)]
    for folder in (*declaration.landing_folders, *published):
        yield Claim(ClaimKind.LANDING_FOLDER, folder)
    yield Claim(ClaimKind.RESOURCE, lakehouse_resource(domain))
    yield Claim(ClaimKind.JOB, maintenance_job_name(domain))


def lakehouse_resource(domain: str) -> str:
    """The key of a domain's lakehouse among the resources."""
    return f"{domain}_lakehouse"


def maintenance_job_name(domain: str) -> str:
    """The job that keeps a domain's tables."""
    return f"{domain}_maintenance"


def refuse_shared_claims(declared: Iterable[tuple[Path, LakehouseDeclaration[Any]]]) -> None:
    """Refuse two claims on one thing.

    Args:
        declared: every declaration, with its file.

    Raises:
        DeclarationError: naming both files, what both claim, and the fix.
    """
    taken: list[tuple[Claim, Path]] = []
    for file, declaration in declared:
        for claim in claims_of(declaration):
            for known, other in taken:
                if claim.meets(known):
                    raise DeclarationError(
                        f"{file}: {claim} is claimed already, by {other}: whichever ran last would overwrite the "
                        f"other. Give one of them a domain of its own ([domains.<name>] of platform.toml), or another "
                        f"name for its {claim.kind}"
                    )
            taken.append((claim, file))
