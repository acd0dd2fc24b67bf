from urllib.parse import urlsplit

from tests.fakes.pulumi_provider.refusal import CloudError

_SCHEMES = frozenset({"s3", "s3a", "abfss", "gs", "r2"})


def contains(outer: str, inner: str) -> bool:
    """Whether one storage path is the other, or lies above it."""
    return _folders(inner).startswith(_folders(outer))


def overlap(one: str, other: str) -> bool:
    """Whether either storage path contains the other."""
    return contains(one, other) or contains(other, one)


def require_storage_url(url: str) -> None:
    """Raise CloudError for something that is no path in cloud storage; the provider does not look."""
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES or not parts.netloc:
        raise CloudError(f"'{url}' is not a valid storage URL: expected one of {', '.join(sorted(_SCHEMES))}")


def _folders(url: str) -> str:
    return url.rstrip("/") + "/"
