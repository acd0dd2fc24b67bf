from collections.abc import Iterator
from pathlib import Path
from typing import Any

from platform_contract.databricks_names import Group, Principal, Volume
from platform_contract.deployment import Trait
from platform_contract.domain import Engine
from platform_contract.domains import domain_named
from platform_contract.errors import ContractError
from platform_runtime.lakehouse.declaration import DeclarationError as LakehouseDeclarationError
from platform_runtime.lakehouse.declared_lakehouses import DeclaredLakehouse, lakehouses_of_checkout

from platform_infra.permissions.declared_rows import DatabricksObject, DatabricksRow, Declared
from platform_infra.permissions.errors import DeclarationError

_STANDING = (Trait.STANDING,)
_PULL_REQUEST = (Trait.PULL_REQUEST,)


def lakehouse_needs(checkout: Path) -> list[Declared[DatabricksRow]]:
    """What the pipelines of every declared lakehouse need: its landing files, its tables, and where they compute.

    A standing deployment's pipelines act as their group; those of a pull request as the CI principal.

    Raises:
        DeclarationError: for a lakehouse that cannot be, or whose domain has no place in Databricks.
    """
    try:
        lakehouses = lakehouses_of_checkout(checkout)
    except LakehouseDeclarationError as error:
        raise DeclarationError(str(error)) from None
    return [need for lakehouse in lakehouses for need in _of(lakehouse)]


def _of(lakehouse: DeclaredLakehouse[Any]) -> Iterator[Declared[DatabricksRow]]:
    _require_place(lakehouse)
    pipeline = f"lakehouse {lakehouse.declaration.domain}"
    for who, traits in ((Group.PIPELINES, _STANDING), (Principal.CI, _PULL_REQUEST)):
        for may, where, reason in _needed(lakehouse):
            yield Declared(pipeline, DatabricksRow(who=who, may=may, where=where, reason=reason, traits=traits))


def _require_place(lakehouse: DeclaredLakehouse[Any]) -> None:
    try:
        domain, *_ = map(domain_named, (lakehouse.declaration.domain, *lakehouse.declaration.receivers))
    except ContractError as error:
        raise DeclarationError(f"{lakehouse.file}: {error}") from None
    if domain.engine is not Engine.DATABRICKS:
        raise DeclarationError(f"{lakehouse.file}: domain {domain} is built in {domain.engine}, a lakehouse is not")


type _Needed = tuple[tuple[str, ...], DatabricksObject, str]


def _needed(lakehouse: DeclaredLakehouse[Any]) -> Iterator[_Needed]:
    yield ("READ_VOLUME",), DatabricksObject(volume=Volume.LANDING), "lists, hashes and copies the files that landed"
    domain = lakehouse.declaration.domain
    for receiver in lakehouse.declaration.receivers:
        if domain_named(receiver).engine is Engine.DATABRICKS:
            yield ("WRITE_VOLUME",), DatabricksObject(volume=Volume.LANDING), f"publishes to {receiver}"
    for layer in lakehouse.declaration.layers:
        schema = DatabricksObject(schema=layer, domain=domain)
        yield ("CREATE_TABLE",), schema, f"makes the tables of {domain}/{layer}"
        tables = DatabricksObject(tables=layer, domain=domain)
        yield ("SELECT", "MODIFY"), tables, f"reads, loads, replaces and restores {domain}/{layer}"
        yield ("OWNERSHIP",), tables, f"columns and constraints of {domain}/{layer} follow what is declared"
