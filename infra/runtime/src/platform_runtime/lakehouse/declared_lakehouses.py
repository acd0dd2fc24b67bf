"""The lakehouses that a checkout or a location declares, read from their `defs.yaml` files and loaded by nobody."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from platform_runtime.lakehouse.claims import refuse_shared_claims
from platform_runtime.lakehouse.declaration import DeclarationError
from platform_runtime.lakehouse.lakehouse_declaration import LakehouseDeclaration

_COMPONENT = ".LakehouseComponent"


@dataclass(frozen=True, slots=True)
class DeclaredLakehouse[Check]:
    """A lakehouse and the file that declares it."""

    file: Path
    declaration: LakehouseDeclaration[Check]


def lakehouses_of_checkout(checkout: Path) -> list[DeclaredLakehouse[Any]]:
    """Every lakehouse of every code location, its checks as they stand.

    Raises:
        DeclarationError: for a declaration that cannot be; names the file and what is wrong.
    """
    return declared_lakehouses(sorted((checkout / "code_locations").glob("*/src/*/defs")), LakehouseDeclaration[Any])


def declared_lakehouses[Check](
    folders: Iterable[Path], model: type[LakehouseDeclaration[Check]]
) -> list[DeclaredLakehouse[Check]]:
    """Every lakehouse under those `defs` folders.

    Args:
        folders: each holds `defs.yaml` files, at any depth.
        model: what each is read as.

    Raises:
        DeclarationError: for a declaration that cannot be, or two with a claim on one thing; names the files and what
            is wrong.
    """
    files = [file for folder in folders for file in sorted(folder.rglob("defs.yaml"))]
    found = [DeclaredLakehouse(file, _read(file, said, model)) for file in files for said in _lakehouses_in(file)]
    refuse_shared_claims((lakehouse.file, lakehouse.declaration) for lakehouse in found)
    return found


def _lakehouses_in(file: Path) -> Iterator[Any]:
    """The attributes of each lakehouse of a file, which may hold several components."""
    try:
        components = list(yaml.safe_load_all(file.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise DeclarationError(f"{file} is no YAML: {error}") from None
    for component in components:
        if isinstance(component, dict) and str(component.get("type")).endswith(_COMPONENT):
            yield component.get("attributes") or {}


def _read[Check](file: Path, said: object, model: type[LakehouseDeclaration[Check]]) -> LakehouseDeclaration[Check]:
    try:
        return model.model_validate(said)
    except ValidationError as error:
        wrong = "\n".join(f"  {'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise DeclarationError(f"{file} declares what cannot be:\n{wrong}") from None
