from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template


class SqlFileError(ValueError):
    """An SQL file that a `defs.yaml` names and that is missing, or that names a table which is not there."""


@dataclass(frozen=True, slots=True)
class SqlFile:
    """A SELECT statement that names the tables it reads as `$table`.

    The file is the one place that says what a table is made from: its lineage follows from it, and every engine puts
    in its own physical names.
    """

    path: Path
    text: str

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.path.stem

    @property
    def reads(self) -> list[str]:
        """The tables that the statement reads."""
        return Template(self.text).get_identifiers()

    def render(self, physical_names: Mapping[str, str]) -> str:
        """The statement with physical names."""
        return Template(self.text).substitute(physical_names)


def read_sql(folder: Path, name: str, declared_in: Path, known_tables: Iterable[str]) -> SqlFile:
    """The SELECT statement `<folder>/<name>.sql`.

    Args:
        folder: where the SQL files are.
        name: the file's name without its ending.
        declared_in: the file that asks for it, as the message should name it.
        known_tables: what a statement may read.

    Raises:
        SqlFileError: when the file is missing, or reads a table that is not known.
    """
    path = folder / f"{name}.sql"
    if not path.is_file():
        present = sorted(file.stem for file in folder.glob("*.sql"))
        raise SqlFileError(f"{declared_in} names {name!r}, but there is no {path}: write it, or name one of {present}")
    statement = SqlFile(path, path.read_text(encoding="utf-8"))
    unknown = [table for table in statement.reads if table not in known_tables]
    if unknown:
        raise SqlFileError(f"{path} reads {unknown}, which {declared_in} does not declare: {sorted(known_tables)}")
    return statement
