"""What domains there are: the tables `[domains.<name>]` of the platform file."""

import functools
import re
from collections.abc import Iterable

from platform_contract.domain import Domain, Engine, Place
from platform_contract.errors import ContractError
from platform_contract.platform_file import PlatformFile, Table, platform_file

_SECTION = "domains"
_KEYS = ("engine", "owners", "schema_prefix", "marks")
# Forty characters keep every name that follows far inside the shortest limit of either cloud.
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_PREFIX = re.compile(r"([a-z][a-z0-9_]{0,39}_)?")
_MARK = re.compile(r"[a-z][a-z0-9_]*")
# Schemas that a database has by itself, and the asset keys of the architecture patterns.
_TAKEN = frozenset({"information_schema", "public", "patterns"})


@functools.cache
def domains() -> tuple[Domain, ...]:
    """Every domain, in the order of the platform file.

    Raises:
        ContractError: as `read_domains` does.
    """
    return read_domains(platform_file())


def domains_on(engine: Engine) -> tuple[Domain, ...]:
    """The domains whose tables are built there.

    Raises:
        ContractError: as `read_domains` does.
    """
    return tuple(domain for domain in domains() if domain.engine is engine)


def places_on(engine: Engine) -> tuple[Place, ...]:
    """Where those domains have their tables.

    Raises:
        ContractError: as `read_domains` does.
    """
    return tuple(place for domain in domains_on(engine) for place in domain.places)


def domain_named(name: str) -> Domain:
    """The domain of that name.

    Raises:
        ContractError: when there is none; the message lists the known ones.
    """
    for domain in domains():
        if domain.name == name:
            return domain
    known = ", ".join(domain.name for domain in domains()) or "none"
    raise ContractError(
        f"unknown domain {name!r}: known are {known}; add [{_SECTION}.{name}] to {platform_file().path}"
    )


def place_of(engine: Engine, schema: str) -> Place | None:
    """Whose layer a schema of that engine is, in lower case or upper; None for one that no domain has.

    Raises:
        ContractError: as `read_domains` does.
    """
    return next((place for place in places_on(engine) if place.schema == schema.lower()), None)


def read_domains(file: PlatformFile) -> tuple[Domain, ...]:
    """The domains of a platform file.

    Raises:
        ContractError: naming file, line and fix, for a domain that cannot be, or two with one place on one engine.
    """
    tables = file.tables(_SECTION)
    found = tuple(_domain(table) for table in tables)
    _refuse_shared_places(zip(tables, found, strict=True))
    return found


def _domain(table: Table) -> Domain:
    table.only(_KEYS)
    name = table.entry
    if _NAME.fullmatch(name) is None:
        raise table.error(None, f"{name!r} cannot name a domain", "at most 40 of a-z, 0-9 and _, a letter first")
    if name in _TAKEN:
        raise table.error(None, f"{name!r} is another thing's name", "choose another")
    return Domain(
        name=name,
        engine=_engine(table),
        owners=_owners(table),
        schema_prefix=_prefix(table),
        marks=_marks(table),
    )


def _engine(table: Table) -> Engine:
    stated = table.required("engine")
    if stated not in set(Engine):
        raise table.error("engine", f"{stated!r} is no engine", f"one of {', '.join(Engine)} is")
    return Engine(stated)


def _owners(table: Table) -> tuple[str, ...]:
    owners = table.texts_of("owners")
    if not owners:
        raise table.error("owners", "nobody answers for it", 'add owners = ["team:<name>"], or an address')
    return owners


def _prefix(table: Table) -> str:
    stated = table.text_of("schema_prefix")
    prefix = f"{table.entry}_" if stated is None else stated
    if _PREFIX.fullmatch(prefix) is None:
        raise table.error("schema_prefix", f"{prefix!r} is no prefix", 'lower case, ending in _, or ""')
    return prefix


def _marks(table: Table) -> tuple[str, ...]:
    marks = table.texts_of("marks")
    for mark in marks:
        if _MARK.fullmatch(mark) is None:
            raise table.error("marks", f"{mark!r} is no mark", "a-z, 0-9 and _, a letter first")
    return marks


def _refuse_shared_places(found: Iterable[tuple[Table, Domain]]) -> None:
    """Two domains in one schema would replace each other's tables; one name means one layer, in whatever database."""
    taken: dict[tuple[Engine, str], Place] = {}
    for table, domain in found:
        for place in domain.places:
            other = taken.setdefault((domain.engine, place.schema), place)
            if other != place:
                raise table.error(
                    "schema_prefix",
                    f"{place} and {other} would both be schema {place.schema} in {domain.engine}",
                    f'leave schema_prefix out, and it is "{domain}_", or choose another name',
                )
