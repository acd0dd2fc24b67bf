import dagster as dg
from pydantic import PrivateAttr

from architecture_patterns.defs.composable_resources.storage import Storage


class MockStorage(Storage):
    """Objects in memory: every run starts with none, and leaves nothing behind."""

    _objects: dict[str, bytes] = PrivateAttr(default_factory=dict)

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:  # noqa: ARG002 - Dagster's signature
        """Forget what an earlier run stored."""
        self._objects = {}

    def write(self, key: str, content: bytes) -> None:
        """Remember the object."""
        self._objects[key] = content

    def read(self, key: str) -> bytes:
        """The remembered content."""
        if key not in self._objects:
            raise self.missing(key)
        return self._objects[key]

    def list_keys(self, prefix: str) -> list[str]:
        """The remembered keys."""
        return sorted(key for key in self._objects if key.startswith(prefix))

    def location(self, key: str) -> str:
        """`memory:<key>`."""
        return f"memory:{key}"
