"""What pipelines need and people want, declared in YAML beside the code that needs it."""

from collections.abc import Iterable
from dataclasses import dataclass as plain_dataclass
from pathlib import Path
from typing import Annotated, Self

import yaml
from platform_contract.databricks_names import Group, Principal, Volume
from platform_contract.deployment import Trait
from platform_contract.layer import Layer
from platform_contract.snowflake_names import Persona, ServiceUser, Warehouse
from pydantic import Field, TypeAdapter, ValidationError, model_validator
from pydantic.dataclasses import dataclass

from platform_infra.permissions.errors import DeclarationError
from platform_infra.snowflake.admin_role import AdminRole
from platform_infra.stack_settings.typed_settings import SETTINGS

FILE_NAME = "permissions.yaml"
# The programs and the dbt project, each code location, and a part of one whose needs are its own.
_PLACES = ("*", "*/*", "code_locations/*/src/*/*")

Text = Annotated[str, Field(min_length=1)]
_IN_CLOUDS = (Trait.STANDING, Trait.PULL_REQUEST)


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class SnowflakeObject:
    """Exactly one object of Snowflake; `tables` and `views` are all of a layer, now and later, `made` all of a kind.

    A schema and what is in it are meant of `domain`, or of every domain where none is named.
    """

    account: bool = False
    warehouse: Warehouse | None = None
    monitor: Warehouse | None = None
    database: Layer | None = None
    schema: Layer | None = None
    tables: Layer | None = None
    views: Layer | None = None
    stage: Layer | None = None
    role: Persona | None = None
    made: Text | None = None
    domain: Text | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        return _exactly_one(self)


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class DatabricksObject:
    """Exactly one object of Databricks; `tables` are all of a layer, now and later.

    A schema and its tables are meant of `domain`, or of every domain where none is named.
    """

    metastore: bool = False
    external_location: bool = False
    workspace: bool = False
    sql_warehouse: bool = False
    cluster_policy: bool = False
    budget_policy: bool = False
    catalog: bool = False
    schema: Layer | None = None
    tables: Layer | None = None
    volume: Volume | None = None
    group: Group | None = None
    domain: Text | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        return _exactly_one(self)


def _exactly_one[T](stated: T) -> T:
    named = [key for key, value in vars(stated).items() if key != "domain" and value not in (None, False)]
    if len(named) != 1:
        raise ValueError(f"name exactly one object, not {len(named)} ({', '.join(named) or 'none'})")
    return stated


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class SnowflakeRow:
    """Who may do what with one object of Snowflake, in deployments with one of `traits`, and why.

    An extra has an owner.
    """

    who: Persona | ServiceUser | AdminRole
    may: Annotated[tuple[Text, ...], Field(min_length=1)]
    where: SnowflakeObject
    reason: Text
    owner: Text | None = None
    traits: tuple[Trait, ...] = _IN_CLOUDS

    @model_validator(mode="after")
    def _admins_apply(self) -> Self:
        if isinstance(self.who, AdminRole) != (self.where.made is not None):
            raise ValueError("`made` is for what one of Snowflake's own roles applies, and nothing else is")
        return self


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class DatabricksRow:
    """Who may do what with one object of Databricks, in deployments with one of `traits`, and why.

    An extra has an owner.
    """

    who: Group | Principal
    may: Annotated[tuple[Text, ...], Field(min_length=1)]
    where: DatabricksObject
    reason: Text
    owner: Text | None = None
    traits: tuple[Trait, ...] = _IN_CLOUDS


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class DeclaredPermissions:
    """One file: `needs` are what its pipeline fails without, `extras` what somebody answers for although none does."""

    pipeline: Text
    snowflake_needs: tuple[SnowflakeRow, ...] = ()
    snowflake_extras: tuple[SnowflakeRow, ...] = ()
    databricks_needs: tuple[DatabricksRow, ...] = ()
    databricks_extras: tuple[DatabricksRow, ...] = ()

    @model_validator(mode="after")
    def _extras_have_owners(self) -> Self:
        without = [str(row.who) for row in (*self.snowflake_extras, *self.databricks_extras) if row.owner is None]
        owned = [str(row.who) for row in (*self.snowflake_needs, *self.databricks_needs) if row.owner is not None]
        if without:
            raise ValueError(f"the extra(s) of {', '.join(without)} lack an owner: say who answers for them")
        if owned:
            raise ValueError(
                f"the need(s) of {', '.join(owned)} have an owner: a pipeline answers for a need, remove it"
            )
        return self


@plain_dataclass(frozen=True, slots=True)
class Declared[R]:
    """A row, and the pipeline in whose file it stands."""

    pipeline: str
    row: R


@plain_dataclass(frozen=True, slots=True)
class AllDeclared:
    """Every row of a checkout."""

    snowflake: tuple[Declared[SnowflakeRow], ...]
    databricks: tuple[Declared[DatabricksRow], ...]


def declared_permissions(checkout: Path) -> AllDeclared:
    """Every row of the files named `permissions.yaml` beside the programs, the dbt project and the code locations.

    Raises:
        DeclarationError: for a file that is not as it should be, naming file and row.
    """
    files = sorted(file for place in _PLACES for file in checkout.glob(f"{place}/{FILE_NAME}"))
    found = [_read(file, checkout) for file in files]
    return AllDeclared(
        tuple(_each((one.pipeline, one.snowflake_needs + one.snowflake_extras) for one in found)),
        tuple(_each((one.pipeline, one.databricks_needs + one.databricks_extras) for one in found)),
    )


def _each[R](files: Iterable[tuple[str, tuple[R, ...]]]) -> list[Declared[R]]:
    return [Declared(pipeline, row) for pipeline, rows in files for row in rows]


def _read(file: Path, checkout: Path) -> DeclaredPermissions:
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        return TypeAdapter(DeclaredPermissions).validate_python(content)
    except yaml.YAMLError as error:
        raise DeclarationError(f"{file.relative_to(checkout)} is no YAML: {error}") from None
    except ValidationError as error:
        wrong = "\n".join(f"  {'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise DeclarationError(f"{file.relative_to(checkout)} declares what cannot be:\n{wrong}") from None
