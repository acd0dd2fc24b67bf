from pydantic import PrivateAttr

from architecture_patterns.defs.composable_resources.storage import Storage


class MockStorage(Storage):
    """Objects in memory. Dagster makes a resource anew for each run: it starts with none and leaves none behind."""

    _objects: dict[str, bytes] = PrivateAttr(default_factory=dict)

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
