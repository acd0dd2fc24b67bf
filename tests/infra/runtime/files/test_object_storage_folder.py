"""Files that land in object storage, by the client that production uses, from a stand-in for S3."""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import dagster as dg
import pytest
from platform_runtime.files.landed_file import LandedFile
from platform_runtime.files.object_storage_folder import ObjectStorageFolder
from platform_runtime.files.reader import read
from platform_runtime.files.refusal import Refusal

from tests.fakes.object_storage.object_storage import ObjectStorage, object_storage
from tests.infra.runtime.files.reading import CSV

pytestmark = pytest.mark.slow

MOMENT = datetime(2019, 9, 1, 4, tzinfo=UTC)
# Larger than a piece.
CONTENT = b"id,name\n" + b"".join(b"%d,row\n" % number for number in range(200_000))


@pytest.fixture
def storage(monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStorage]:
    with object_storage("lake") as running:
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        yield running


def test_what_has_landed_is_listed_hashed_and_read_and_what_is_gone_is_refused(storage: ObjectStorage) -> None:
    folder = ObjectStorageFolder("s3://lake/landing/shop")
    assert folder.listing().files == ()
    for name in ("orders/a.csv", "orders/.b.csv", "_spark/c.csv", "d.csv.tmp"):
        storage.put(f"landing/shop/{name}", CONTENT)
    storage.date("landing/", int(MOMENT.timestamp()))
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    assert folder.listing().files == (LandedFile("orders/a.csv", len(CONTENT), MOMENT),)
    (file,) = folder.listing().files
    assert folder.hash_of(file) == sha256
    with folder.opened("orders/a.csv") as content:
        content.seek(0, io.SEEK_END)
        assert content.tell() == len(CONTENT)
        batches = read(content, "orders/a.csv", sha256, CSV, ("id", "name"))
        assert sum(batch.num_rows for batch in batches) == 200_000
    assert folder.hash_of(replace(file, name="orders/gone.csv")) == Refusal(
        "orders/gone.csv",
        "",
        "the file cannot be read (No such file or directory)",
        "make it readable, or take it away",
    )


def test_who_may_not_read_is_told_what_to_do(storage: ObjectStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    storage.put("landing/shop/a.csv", CONTENT)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIASOMEBODYELSE")
    with pytest.raises(dg.Failure, match="object storage refuses this process"):
        ObjectStorageFolder("s3://lake/landing/shop").hash_of(LandedFile("a.csv", len(CONTENT), MOMENT))
