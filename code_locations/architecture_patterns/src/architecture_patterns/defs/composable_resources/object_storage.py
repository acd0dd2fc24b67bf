from architecture_patterns.defs.composable_resources.storage import Storage
from architecture_patterns.production_settings import ProductionSettings


class ObjectStorage(Storage):
    """Objects in a deployment's folder in object storage; credentials are the process's own identity there."""

    settings: ProductionSettings

    def write(self, key: str, content: bytes) -> None:
        """Upload the object; object storage shows it once it is whole."""
        from pyarrow import fs  # noqa: PLC0415 - a third of a second that the laptop never needs

        storage, path = fs.FileSystem.from_uri(self.location(key))
        storage.create_dir(path.rpartition("/")[0], recursive=True)
        with storage.open_output_stream(path, compression=None) as stream:
            stream.write(content)

    def read(self, key: str) -> bytes:
        """Download the object."""
        from pyarrow import fs  # noqa: PLC0415 - a third of a second that the laptop never needs

        storage, path = fs.FileSystem.from_uri(self.location(key))
        if storage.get_file_info(path).type is not fs.FileType.File:
            raise self.missing(key)
        with storage.open_input_stream(path, compression=None) as stream:
            return stream.read()

    def list_keys(self, prefix: str) -> list[str]:
        """List the objects under a prefix."""
        from pyarrow import fs  # noqa: PLC0415 - a third of a second that the laptop never needs

        storage, root = fs.FileSystem.from_uri(self.location(""))
        root = root.rstrip("/")
        selector = fs.FileSelector(f"{root}/{prefix.rstrip('/')}", recursive=True, allow_not_found=True)
        files = (info for info in storage.get_file_info(selector) if info.type is fs.FileType.File)
        return sorted(info.path.removeprefix(f"{root}/") for info in files)

    def location(self, key: str) -> str:
        """The object's URI."""
        return f"{self.settings.storage().patterns}/{self.settings.pattern}/{key}"
