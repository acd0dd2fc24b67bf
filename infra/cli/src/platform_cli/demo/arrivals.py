from collections.abc import Iterable

from platform_cli.demo.messages import Message, Planned, TableMaterialised, Waiting


class Arrivals:
    """Which tables are still to come, of those that a location reads and another one makes."""

    def __init__(self, locations: Iterable[str]) -> None:
        self._unplanned = set(locations)
        self._due: dict[str, set[str]] = {}
        self._waiting: dict[str, frozenset[str]] = {}

    def note(self, message: Message) -> None:
        """Take one message into account."""
        match message:
            case Planned(location, tables):
                self._unplanned.discard(location)
                self._due[location] = set(tables)
            case TableMaterialised(location, table):
                self._due.get(location, set()).discard(table)
            case Waiting(location, tables):
                self._waiting[location] = tables

    def note_end(self, location: str) -> None:
        """Nothing more comes from a location, whether or not it made all that it was to make."""
        self._unplanned.discard(location)
        self._due.pop(location, None)
        self._waiting.pop(location, None)

    def answers(self) -> dict[str, frozenset[str]]:
        """The tables that each waiting location need wait for no longer: they are there, or nobody makes them.

        A location waits no more once it has its answer. Where all wait for each other, none is kept waiting.
        """
        found = {location: self._settled(tables) for location, tables in self._waiting.items()}
        if not any(found.values()) and self._all_wait():
            found = dict(self._waiting)
        answered = {location: tables for location, tables in found.items() if tables}
        for location in answered:
            del self._waiting[location]
        return answered

    def _settled(self, tables: frozenset[str]) -> frozenset[str]:
        return frozenset() if self._unplanned else tables.difference(*self._due.values())

    def _all_wait(self) -> bool:
        return not self._unplanned and self._due.keys() == self._waiting.keys()
