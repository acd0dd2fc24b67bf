import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from tests.fakes.pulumi_provider.property_values import Properties


@dataclass(slots=True)
class CloudObject:
    """One thing that exists in the cloud, as the cloud itself would describe it.

    `attributes` holds inputs, defaults and computed values under their Pulumi names; `owner` is the role or principal
    that made it.
    """

    token: str
    id: str
    attributes: Properties
    owner: str


class Inventory:
    """Everything that exists in one cloud account."""

    def __init__(self) -> None:
        self._objects: dict[tuple[str, str], CloudObject] = {}
        self._numbers = itertools.count(1)

    def add(self, made: CloudObject) -> None:
        """Remember an object under its type and id."""
        self._objects[made.token, made.id] = made

    def remove(self, gone: CloudObject) -> None:
        """Forget an object; one that is not there is no error, as with `DROP … IF EXISTS`."""
        self._objects.pop((gone.token, gone.id), None)

    def find(self, token: str, object_id: str) -> CloudObject | None:
        """The object of that type and id."""
        return self._objects.get((token, object_id))

    def of(self, *tokens: str) -> Iterator[CloudObject]:
        """All objects of these types, oldest first; safe to remove while iterating."""
        return iter([found for (token, _), found in self._objects.items() if token in tokens])

    def everything(self) -> list[CloudObject]:
        """All objects, oldest first."""
        return list(self._objects.values())

    def number(self) -> int:
        """A number that no object of this account has had."""
        return next(self._numbers)
