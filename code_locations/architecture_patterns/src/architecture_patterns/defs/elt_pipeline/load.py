from collections.abc import Sequence
from dataclasses import dataclass

from platform_contract.layer import Layer
from platform_runtime.files.folder import HashedFile

from architecture_patterns.landed import ORIGIN_COLUMNS, SourceFile, SourceFiles
from architecture_patterns.warehouse.warehouse import Warehouse, WarehouseSession


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did with the files of a source, by name."""

    new: list[str]
    known: list[str]


def load_raw(warehouse: Warehouse, name: str, columns: Sequence[str], files: SourceFiles) -> Loaded:
    """Load each file whose content is not in the raw table yet, in a transaction of its own and no other load's.

    Raises:
        RefusedFilesError: naming every file that is not as it should be, once all others are loaded.
    """
    table = warehouse.table(Layer.RAW, name)
    loaded = Loaded([], [])
    with warehouse.session(Layer.RAW) as session:
        session.create_if_missing(table, dict.fromkeys(columns, "varchar") | ORIGIN_COLUMNS)

        def load(file: SourceFile) -> None:
            with file.opened() as hashed:
                (loaded.new if _load_file(session, table, columns, hashed) else loaded.known).append(file.file.name)

        files.each_by_itself(load)
    return loaded


def _load_file(session: WarehouseSession, table: str, columns: Sequence[str], hashed: HashedFile) -> bool:
    with session.transaction():
        session.take_turn()
        # A hash is hexadecimal: it cannot break out of its quotes.
        if session.count(table, f"_source_sha256 = '{hashed.sha256}'"):
            return False
        session.execute(f"delete from {table} where _source_file = ?", [hashed.file.name])  # noqa: S608 - own names
        session.append_file(table, hashed, columns)
        return True
