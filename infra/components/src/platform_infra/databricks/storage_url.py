import re
from typing import Annotated

from pydantic import AfterValidator

_BUCKET = r"[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]"
_FOLDERS = r"(?:/[A-Za-z0-9._=-]+)*"
_S3 = re.compile(rf"s3://{_BUCKET}{_FOLDERS}")
_ABFSS = re.compile(
    rf"abfss://[a-z0-9](?:[a-z0-9-]{{1,61}}[a-z0-9])@[a-z0-9]{{3,24}}\.dfs\.core\.windows\.net{_FOLDERS}"
)
_GCS = re.compile(rf"gs://{_BUCKET}{_FOLDERS}")


def _checked(pattern: re.Pattern[str], example: str, text: str) -> str:
    url = text.rstrip("/")
    if not pattern.fullmatch(url) or {".", ".."} & set(url.split("/")):
        raise ValueError(f"{text!r} is no address of a folder in this cloud: write it like {example}")
    return url


def s3_url(text: str) -> str:
    """An `s3://bucket/folder`, without a trailing slash.

    Raises:
        ValueError: for anything else, which Databricks would only refuse once a table is written.
    """
    return _checked(_S3, "s3://acme-lakehouse-dev/platform", text)


def abfss_url(text: str) -> str:
    """An `abfss://container@account.dfs.core.windows.net/folder`, without a trailing slash.

    Raises:
        ValueError: for anything else.
    """
    return _checked(_ABFSS, "abfss://lakehouse@acmedev.dfs.core.windows.net/platform", text)


def gcs_url(text: str) -> str:
    """A `gs://bucket/folder`, without a trailing slash.

    Raises:
        ValueError: for anything else.
    """
    return _checked(_GCS, "gs://acme-lakehouse-dev/platform", text)


S3Url = Annotated[str, AfterValidator(s3_url)]
AbfssUrl = Annotated[str, AfterValidator(abfss_url)]
GcsUrl = Annotated[str, AfterValidator(gcs_url)]


def is_storage_url(text: str) -> bool:
    """Whether a text is the address of a folder in any of the clouds."""
    return any(pattern.fullmatch(text.rstrip("/")) for pattern in (_S3, _ABFSS, _GCS))


def overlap(one: str, other: str) -> bool:
    """Whether one folder is the other, or lies in it; compared by whole path segments."""
    return lies_in(one, other) or lies_in(other, one)


def lies_in(inner: str, outer: str) -> bool:
    """Whether a folder is another one, or lies in it."""
    return f"{inner.rstrip('/')}/".startswith(f"{outer.rstrip('/')}/")
