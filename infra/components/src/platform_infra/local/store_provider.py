import abc
from collections.abc import Mapping
from typing import Any

from pulumi.dynamic import CreateResult, DiffResult, ReadResult, ResourceProvider, UpdateResult

PATH = "path"
DELETE_DATA = "delete_data"
# An output: whether this stack made the store, or found it.
MADE = "made"
_SERIALISED_PROVIDER = "__provider"


class StoreHoldsDataError(Exception):
    """A store that would be deleted with data in it."""


class LocalStoreProvider(ResourceProvider, abc.ABC):
    """How one kind of store on this disk is made, found, and removed.

    The engine keeps each provider in its state as a reference to the class and runs it in a process of its own, so
    these modules import nothing heavy: a method imports what it needs.
    """

    # There is nothing secret in a class name, and state in the clear can be read in a review.
    serialize_as_secret_always = False

    @property
    @abc.abstractmethod
    def identity(self) -> tuple[str, ...]:
        """The inputs that say which store it is; a change in one makes another store."""

    @abc.abstractmethod
    def exists(self, props: Mapping[str, Any]) -> bool:
        """Whether the store is there."""

    @abc.abstractmethod
    def make(self, props: Mapping[str, Any]) -> None:
        """Make the store, or complete it; what it holds stays."""

    @abc.abstractmethod
    def held_data(self, props: Mapping[str, Any]) -> list[str]:
        """What the store holds that the stack did not put there, by name."""

    @abc.abstractmethod
    def remove(self, props: Mapping[str, Any]) -> None:
        """Remove the store and all it holds."""

    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """Compare what was applied with what is wanted now."""
        changed = [key for key, value in _news.items() if key != _SERIALISED_PROVIDER and _olds.get(key) != value]
        return DiffResult(changes=bool(changed), replaces=[key for key in changed if key in self.identity])

    def create(self, props: dict[str, Any]) -> CreateResult:
        """Make the store, and remember whether it was there before."""
        found = self.exists(props)
        self.make(props)
        return CreateResult("#".join(props[key] for key in self.identity), {**props, MADE: not found})

    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """The store as it is now; a blank id says that it is gone."""
        return ReadResult(id_, props) if self.exists(props) else ReadResult("", {})

    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Bring the store up to date in its place."""
        self.make(_news)
        return UpdateResult({**_news, MADE: _olds[MADE]})

    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """Remove the store if this stack made it and it is empty, or its data may go.

        Raises:
            StoreHoldsDataError: when it holds data and the stack does not say that data may go.
        """
        if not _props[MADE] or not self.exists(_props):
            return
        held = [] if _props[DELETE_DATA] else self.held_data(_props)
        if held:
            raise StoreHoldsDataError(
                f"{_id} holds data ({_some(held)}): move it away, or set delete_data to true, "
                "run `pulumi up`, and destroy again"
            )
        self.remove(_props)


def _some(names: list[str]) -> str:
    shown = 3
    rest = f" and {len(names) - shown} more" if len(names) > shown else ""
    return ", ".join(names[:shown]) + rest
