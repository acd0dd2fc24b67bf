import functools
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from platform_contract.errors import ContractError

PLATFORM_FILE = "platform.toml"

_HEADER = re.compile(r"\s*\[\s*([^\[\]#]+?)\s*\]\s*(?:#.*)?")
_PLACE = re.compile(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the platform file, `[deployments.dev]`; each value is looked at as it is taken."""

    file: Path
    text: str
    name: str
    values: Mapping[str, Any]

    @property
    def entry(self) -> str:
        """The last part of the name: `dev`."""
        return self.name.rpartition(".")[2]

    def only(self, known: Iterable[str]) -> None:
        """Refuse what is no setting of this table.

        Raises:
            ContractError: for the first such key, with the known ones.
        """
        legal = tuple(known)
        for key in self.values:
            if key not in legal:
                raise self.error(key, f"{key} is no setting", f"one of {', '.join(legal)} is")

    def flag(self, key: str) -> bool:
        """A yes or no, which is no where nothing is said.

        Raises:
            ContractError: for any other value.
        """
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self.error(key, f"{key} = {value!r} is neither true nor false", "write one of them, without quotes")
        return value

    def text_of(self, key: str) -> str | None:
        """A text, None where nothing is said.

        Raises:
            ContractError: for any other value.
        """
        value = self.values.get(key)
        if value is not None and not isinstance(value, str):
            raise self.error(key, f"{key} = {value!r} is no text", "put it into quotes")
        return value

    def texts_of(self, key: str) -> tuple[str, ...]:
        """A list of texts, empty where nothing is said.

        Raises:
            ContractError: for any other value.
        """
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise self.error(key, f"{key} = {value!r} is no list of texts", 'write ["one", "another"]')
        return tuple(value)

    def required(self, key: str) -> str:
        """A text that has to be there.

        Raises:
            ContractError: where it is not.
        """
        value = self.text_of(key)
        if value is None:
            raise self.error(None, f"[{self.name}] lacks {key}", f'add {key} = "…"')
        return value

    def error(self, key: str | None, problem: str, fix: str) -> ContractError:
        """What to raise for a key of this table, or for the table itself: file, line, what is wrong, the fix."""
        return ContractError(f"{self.file}:{_line(self.text, self.name, key)}: [{self.name}]: {problem}: {fix}")


@dataclass(frozen=True, slots=True)
class PlatformFile:
    """What the platform consists of, as its one file says."""

    path: Path
    text: str
    content: Mapping[str, Any]

    def table(self, name: str) -> Table:
        """The table of that name.

        Raises:
            ContractError: where there is none.
        """
        values = self.content.get(name)
        if not isinstance(values, dict):
            raise ContractError(f"{self.path}:1: there is no table [{name}]: add one")
        return Table(self.path, self.text, name, values)

    def tables(self, section: str) -> tuple[Table, ...]:
        """The tables `[<section>.<entry>]`, in the order of the file.

        Raises:
            ContractError: where the section is missing, or holds something else.
        """
        whole = self.table(section)
        for entry, values in whole.values.items():
            if not isinstance(values, dict):
                raise whole.error(entry, f"{entry} is a value", f"{section} holds tables: [{section}.{entry}]")
        return tuple(
            Table(self.path, self.text, f"{section}.{entry}", values) for entry, values in whole.values.items()
        )


def read_platform_file(path: Path) -> PlatformFile:
    """A platform file; nothing of it is looked at but its grammar.

    Raises:
        ContractError: when it is missing or no TOML, naming the line.
    """
    if not path.is_file():
        raise ContractError(f"{path} is missing: it says what deployments and domains there are")
    text = path.read_text(encoding="utf-8")
    try:
        return PlatformFile(path, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ContractError(_grammar(path, text, str(error))) from None


@functools.cache
def platform_file() -> PlatformFile:
    """The file of this package, read once in a process.

    Raises:
        ContractError: as `read_platform_file` does.
    """
    return read_platform_file(Path(__file__).with_name(PLATFORM_FILE))


def _grammar(path: Path, text: str, message: str) -> str:
    """tomllib tells line and column in its message alone."""
    matched = _PLACE.fullmatch(message)
    if matched is None:
        return f"{path}:1: {message}: write TOML"
    line = matched.group(2) or len(text.splitlines())
    return f"{path}:{line}: {matched.group(1)}: write TOML"


def _line(text: str, table: str, key: str | None) -> int:
    """Where a key stands, else its table; tomllib keeps no lines. 1 where neither is written out."""
    found = 1
    inside = False
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.fullmatch(line)
        if header is not None:
            inside = _plain(header.group(1)) == table
            found = number if inside else found
        elif inside and key is not None and _plain(line.partition("=")[0]) == key:
            return number
    return found


def _plain(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split("."))
