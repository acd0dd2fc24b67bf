from abc import ABC, abstractmethod

import dagster as dg


class MissingObjectError(LookupError):
    """An object that the storage does not hold; the message names it and what to do."""


class Storage(dg.ConfigurableResource, ABC):
    """Objects by key, such as `readings/2013_01.jsonl`: all that the assets know of where their data lives."""

    @abstractmethod
    def write(self, key: str, content: bytes) -> None:
        """Store an object, in place of one of the same key; a reader sees the old or the new, never half of one."""

    @abstractmethod
    def read(self, key: str) -> bytes:
        """The content of an object.

        Raises:
            MissingObjectError: when there is none.
        """

    @abstractmethod
    def list_keys(self, prefix: str) -> list[str]:
        """The keys that start with a prefix that ends in `/`, sorted; empty when there is none."""

    @abstractmethod
    def location(self, key: str) -> str:
        """Where a person finds the object."""

    def missing(self, key: str) -> MissingObjectError:
        """The error for a key that holds nothing."""
        return MissingObjectError(
            f"nothing is stored at {self.location(key)}: materialise the assets upstream first, "
            "with mock_storage in the same run"
        )
