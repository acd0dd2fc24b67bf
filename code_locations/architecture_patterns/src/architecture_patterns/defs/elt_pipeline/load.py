from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from platform_contract.layer import Layer

from architecture_patterns.landing.duckdb_reader import ORIGIN_COLUMNS
from architecture_patterns.landing.landed_file import LandedFile, LandedFileError
from architecture_patterns.warehouse.warehouse import Warehouse, WarehouseSession


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did with the files of a source; `faults` are the messages of those that could not be read."""

    new: list[str]
    known: list[str]
    faults: list[str]


def load_raw(warehouse: Warehouse, name: str, columns: Sequence[str], files: Iterable[LandedFile]) -> Loaded:
    """Load each file whose content is not in the raw table yet, in a transaction of its own and no other load's."""
    table = warehouse.table(Layer.RAW, name)
    loaded = Loaded([], [], [])
    with warehouse.session(Layer.RAW) as session:
        session.create_if_missing(table, dict.fromkeys(columns, "varchar") | ORIGIN_COLUMNS)
        for file in files:
            _load_file(session, table, columns, file, loaded)
    return loaded


def _load_file(session: WarehouseSession, table: str, columns: Sequence[str], file: LandedFile, loaded: Loaded) -> None:
    try:
        with session.transaction():
            session.take_turn()
            # A hash is hexadecimal: it cannot break out of its quotes.
            if session.count(table, f"_source_sha256 = '{file.sha256}'"):
                loaded.known.append(file.name)
                return
            session.execute(f"delete from {table} where _source_file = ?", [file.name])  # noqa: S608 - own names
            session.append_file(table, file, columns)
    except LandedFileError as fault:
        loaded.faults.append(str(fault))
    else:
        loaded.new.append(file.name)
