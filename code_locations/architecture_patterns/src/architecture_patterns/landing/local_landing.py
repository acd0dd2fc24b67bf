from pathlib import Path

from architecture_patterns.landing.landing import Landing


class LocalLanding(Landing):
    """The landing folder of this machine."""

    path: str

    def folder(self, source: str) -> Path:
        """The folder itself: nothing is copied."""
        return Path(self.path) / source

    def location(self, source: str) -> str:
        """Its path."""
        return str(self.folder(source))
