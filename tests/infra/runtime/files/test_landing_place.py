"""Where files of other domains arrive: on this machine, and in object storage."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from platform_runtime.files.landing_place import LandingPlace
from platform_runtime.files.local_place import LocalPlace
from platform_runtime.files.object_storage_place import ObjectStoragePlace
from platform_runtime.object_storage import StorageFolder

from tests.fakes.object_storage.object_storage import object_storage


@pytest.fixture
def in_storage(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    with object_storage("lake") as storage:
        for name, value in storage.environment.items():
            monkeypatch.setenv(name, value)
        yield "s3://lake/platform/dev/landing/voyages"


@pytest.fixture(params=["local", "object storage"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> LandingPlace:
    if request.param == "local":
        return LocalPlace(tmp_path / "landing" / "voyages")
    return ObjectStoragePlace(request.getfixturevalue("in_storage"))


def written(folder: Path, content: bytes) -> Path:
    file = folder / "content"
    file.write_bytes(content)
    return file


def test_a_file_is_written_once_and_again_when_its_content_is_another(place: LandingPlace, tmp_path: Path) -> None:
    outcomes = [place.replace("readings/2013-01.parquet", written(tmp_path, content)) for content in (b"1", b"1", b"2")]
    assert outcomes == [True, False, True]
    # SHA-256 of "2", as sha256sum gives it.
    assert place.sha256("readings/2013-01.parquet") == (
        "d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35"
    )
    assert place.sha256("readings/2013-02.parquet") is None
    assert [place.add(f"readings/2013-0{month}.parquet", written(tmp_path, b"3")) for month in (1, 2)] == [False, True]
    assert place.replace("readings/2013-01.parquet", written(tmp_path, b"2")) is False


def test_nothing_is_left_beside_the_file(in_storage: str, tmp_path: Path) -> None:
    ObjectStoragePlace(in_storage).put("readings/2013-01.parquet", written(tmp_path, b"rows"))
    LocalPlace(tmp_path / "landing").put("readings/2013-01.parquet", written(tmp_path, b"rows"))
    assert [stored.name for stored in StorageFolder(in_storage).objects()] == ["readings/2013-01.parquet"]
    assert [path.name for path in (tmp_path / "landing" / "readings").iterdir()] == ["2013-01.parquet"]


def test_storage_that_refuses_says_what_to_do(in_storage: str, tmp_path: Path) -> None:
    nowhere = ObjectStoragePlace(in_storage.replace("lake", "nobodys"))
    with pytest.raises(dg.Failure, match=r"(?s)^there is no such bucket: .*writing s3://nobodys"):
        nowhere.put("readings/2013-01.parquet", written(tmp_path, b"rows"))
