"""Listing and fetching, by the client that production uses, from a stand-in for S3."""

import gzip
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest
from platform_runtime.object_storage import StorageFolder, StoredObject, storage_failure

from tests.fakes.object_storage.credentials import SECRET_ACCESS_KEY
from tests.fakes.object_storage.object_storage import ObjectStorage, object_storage

pytestmark = pytest.mark.slow

LANDING = StorageFolder("s3://lake/dev/landing/shop")
# Larger than a piece, and unlike in every part.
CONTENT = gzip.compress(bytes(range(256)) * 3, mtime=0) + b"".join(n.to_bytes(4) for n in range(600_000))
MOMENT = datetime(2019, 9, 1, 4, tzinfo=UTC)


@pytest.fixture(scope="module")
def storage() -> Iterator[ObjectStorage]:
    with object_storage("lake") as running:
        yield running


@pytest.fixture(autouse=True)
def found_by_environment(storage: ObjectStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in storage.environment.items():
        monkeypatch.setenv(name, value)


def test_what_is_there_is_listed_and_fetched_as_it_is(storage: ObjectStorage, tmp_path: Path) -> None:
    assert LANDING.objects() == []
    storage.put("dev/landing/shop/orders/2018 09.csv.gz", CONTENT)
    storage.put("dev/landing/shop/a.csv", b"")
    storage.put("dev/landing/shopping/b.csv", b"another source's")
    storage.date("dev/landing/", int(MOMENT.timestamp()))
    assert LANDING.objects() == [
        StoredObject("a.csv", 0, MOMENT),
        StoredObject("orders/2018 09.csv.gz", len(CONTENT), MOMENT),
    ]
    LANDING.fetch("orders/2018 09.csv.gz", tmp_path / "copy.csv.gz")
    assert (tmp_path / "copy.csv.gz").read_bytes() == CONTENT
    with pytest.raises(dg.Failure) as gone:
        LANDING.fetch("orders/gone.csv", tmp_path / "gone.csv")
    assert first_line(gone.value) == "an object was taken away before it was read: run again, or put it back"


def test_a_bucket_that_is_not_there_is_not_an_empty_folder() -> None:
    with pytest.raises(dg.Failure) as missing:
        StorageFolder("s3://laek/dev/landing/shop").objects()
    assert first_line(missing.value).startswith(
        "there is no such bucket: create the one that PLATFORM_STORAGE_URI names"
    )


def test_whoever_is_unknown_is_told_what_to_do_and_no_secret_is_told(
    storage: ObjectStorage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    storage.put("dev/landing/shop/a.csv", b"")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIASOMEBODYELSE")
    for attempt in (LANDING.objects, lambda: LANDING.fetch("a.csv", tmp_path / "a.csv")):
        with pytest.raises(dg.Failure) as refused:
            attempt()
        assert first_line(refused.value).startswith("object storage refuses this process: let the identity")
        assert SECRET_ACCESS_KEY not in str(refused.value)
        assert "AKIASOMEBODYELSE" not in str(refused.value)


@pytest.mark.parametrize(
    ("said", "remedy"),
    [
        ("AWS Error NO_SUCH_BUCKET during ListObjectsV2 operation", "there is no such bucket"),
        ("AWS Error UNKNOWN (HTTP status 301): PermanentRedirect", "the bucket is in another region: set AWS_REGION"),
        ("AWS Error EXPIRED_TOKEN during ListObjectsV2 operation", "object storage refuses this process"),
        ("google::cloud::Status(PERMISSION_DENIED: no storage.objects.list)", "object storage refuses this process"),
        ("AuthorizationPermissionMismatch: status: 403", "object storage refuses this process"),
        (
            # Where nobody answers, pyarrow says so after six seconds.
            "AWS Error NETWORK_CONNECTION during ListObjectsV2 operation: curlCode: 7, Could not connect to server",
            "object storage cannot be reached: check the network and PLATFORM_STORAGE_URI",
        ),
        ("[Errno 28] No space left on device", "this machine's disk is full"),
        ("something new", "object storage refused what was asked for the reason below"),
    ],
)
def test_what_each_cloud_says_has_its_remedy(said: str, remedy: str) -> None:
    failure = storage_failure("listing s3://lake", said)
    assert first_line(failure).startswith(remedy)
    assert failure.description is not None
    assert failure.description.endswith(f"listing s3://lake failed:\n{said}")


def first_line(failure: dg.Failure) -> str:
    assert failure.description is not None
    return failure.description.splitlines()[0]
