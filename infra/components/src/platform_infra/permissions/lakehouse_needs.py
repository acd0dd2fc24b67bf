from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from platform_contract.databricks_names import Group, Principal, Volume
from platform_contract.deployment import DeploymentKind
from platform_contract.layer import Layer

from platform_infra.permissions.declared_rows import DatabricksObject, DatabricksRow, Declared
from platform_infra.permissions.errors import DeclarationError

_COMPONENT = "LakehouseComponent"
_STANDING = (DeploymentKind.DEV, DeploymentKind.PROD)
_PULL_REQUEST = (DeploymentKind.PULL_REQUEST,)


def lakehouse_needs(checkout: Path) -> list[Declared[DatabricksRow]]:
    """What the pipelines of every declared lakehouse need: its landing files, its tables, and where they compute.

    A standing deployment's pipelines act as their group; those of a pull request as the CI principal.

    Raises:
        DeclarationError: for a lakehouse whose table names no layer.
    """
    files = sorted((checkout / "code_locations").glob("*/src/*/defs/**/defs.yaml"))
    return [need for file in files for need in _of_file(file)]


def _of_file(file: Path) -> Iterator[Declared[DatabricksRow]]:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    if not content["type"].endswith(f".{_COMPONENT}"):
        return
    attributes = content["attributes"]
    pipeline = f"lakehouse {attributes['domain']}"
    for who, kinds in ((Group.PIPELINES, _STANDING), (Principal.CI, _PULL_REQUEST)):
        for may, where, reason in _needed(attributes, file):
            yield Declared(pipeline, DatabricksRow(who=who, may=may, where=where, reason=reason, kinds=kinds))


type _Needed = tuple[tuple[str, ...], DatabricksObject, str]


def _needed(attributes: Mapping[str, Any], file: Path) -> Iterator[_Needed]:
    yield ("READ_VOLUME",), DatabricksObject(volume=Volume.LANDING), "lists, hashes and copies the files that landed"
    for layer in _layers(attributes, file):
        yield ("CREATE_TABLE",), DatabricksObject(schema=layer), f"makes the tables of {layer.value}"
        tables = DatabricksObject(tables=layer)
        yield ("SELECT", "MODIFY"), tables, f"reads, loads, replaces and restores {layer.value}"
        yield ("OWNERSHIP",), tables, f"columns and constraints of {layer.value} follow what is declared"


def _layers(attributes: Mapping[str, Any], file: Path) -> list[Layer]:
    named = [table["table"].partition(".")[0] for table in attributes["tables"]]
    known = {layer.value for layer in Layer}
    for name in named:
        if name not in known:
            raise DeclarationError(f"{file}: {name} is no layer, one of {', '.join(sorted(known))} is")
    return list(dict.fromkeys((Layer.BRONZE, *map(Layer, named))))
