"""Everything of a location's runs that leaves the place where its data lies, for a test to search."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dagster as dg
import pytest

PERSON = "Zaphod Quillfeather"
"""A name that stands nowhere but in what a test lands; every part of it is looked for."""


@dataclass(frozen=True, slots=True)
class WhatLeaves:
    """A Dagster home of the test's own, with event log, runs and compute logs as files, and what processes print."""

    home: Path
    instance: dg.DagsterInstance
    printed: pytest.CaptureFixture[str]
    noted: list[str]

    def note(self, text: str) -> None:
        """Add something else that leaves, such as a comment."""
        self.noted.append(text)

    def quoting(self, *values: str) -> list[str]:
        """Where any of the values stands, in words around it."""
        out, err = self.printed.readouterr()
        texts = {"standard output": out, "standard error": err, "noted": "\n".join(self.noted)}
        texts |= {str(file): file.read_bytes().decode("utf-8", "replace") for file in _files(self.home)}
        return [
            f"{where}: …{text[max(0, text.find(value) - 300) : text.find(value) + 200]}…"
            for where, text in texts.items()
            for value in values
            if value in text
        ]


@contextmanager
def what_leaves(home: Path, printed: pytest.CaptureFixture[str]) -> Iterator[WhatLeaves]:
    """An instance that keeps all of it in files, as a laptop's and Dagster+'s do."""
    home.mkdir(parents=True)
    with dg.DagsterInstance.local_temp(str(home)) as instance:
        yield WhatLeaves(home, instance, printed, [])


def _files(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]
