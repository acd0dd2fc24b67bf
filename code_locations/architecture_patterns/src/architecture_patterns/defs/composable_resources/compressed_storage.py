import gzip

from architecture_patterns.defs.composable_resources.storage import Storage


class CompressedStorage(Storage):
    """Any storage, with its objects gzipped. Readers and writers see plain content and plain keys."""

    inner: Storage

    def write(self, key: str, content: bytes) -> None:
        """Compress, with no time stamp: equal content gives equal bytes."""
        self.inner.write(f"{key}.gz", gzip.compress(content, mtime=0))

    def read(self, key: str) -> bytes:
        """Decompress."""
        return gzip.decompress(self.inner.read(f"{key}.gz"))

    def list_keys(self, prefix: str) -> list[str]:
        """The keys as they were written."""
        return [key.removesuffix(".gz") for key in self.inner.list_keys(prefix)]

    def location(self, key: str) -> str:
        """Where the compressed object is."""
        return self.inner.location(f"{key}.gz")
