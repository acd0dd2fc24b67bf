import csv
from dataclasses import dataclass
from pathlib import Path

from snowflake_medallion.csv_rows import read_rows
from snowflake_medallion.landed_file import LandedFile
from snowflake_medallion.raw_table import RawTable


@dataclass(frozen=True, slots=True)
class PreparedFile:
    """A landed file, checked, with its origin added: the CSV that every store copies in, header and all.

    Its bytes follow from the landed file alone. The time of the load is for the store to add.
    """

    path: Path
    table: RawTable
    sha256: str
    rows: int


def prepare(file: LandedFile, content: Path, sha256: str, table: RawTable, folder: Path) -> PreparedFile:
    """Check a landed file and write it as a store takes it.

    Args:
        file: the file as it landed.
        content: where this machine can read it.
        sha256: its hash, in hexadecimal.
        table: what it is for.
        folder: where to write.

    Raises:
        RefusedFileError: when it is not as the table expects.
    """
    rows = read_rows(content, table)
    modified_at = file.modified_at.strftime("%Y-%m-%d %H:%M:%S.%f")
    path = folder / f"{table.name}-{sha256}.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(table.staged_types)
        writer.writerows([*row, file.name, sha256, number, modified_at] for number, row in enumerate(rows, start=1))
    return PreparedFile(path, table, sha256, len(rows))
