"""The stand-in under the clients that production uses: pyarrow's file system and delta-rs."""

from collections.abc import Iterator

import pytest
from deltalake import CommitProperties, DeltaTable, write_deltalake

from tests.fakes.object_storage.object_storage import ObjectStorage, object_storage

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def storage() -> Iterator[ObjectStorage]:
    with object_storage("lake") as running:
        yield running


@pytest.fixture(autouse=True)
def found_by_environment(storage: ObjectStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in storage.environment.items():
        monkeypatch.setenv(name, value)


def test_pyarrow_writes_lists_and_reads() -> None:
    fs = pytest.importorskip("pyarrow.fs")
    system, path = fs.FileSystem.from_uri("s3://lake/dev/landing/weather")
    system.create_dir(path, recursive=True)
    content = bytes(range(256)) * 40_000
    with system.open_output_stream(f"{path}/2013 01.csv", compression=None) as stream:
        stream.write(content)
    assert [info.base_name for info in system.get_file_info(fs.FileSelector(path))] == ["2013 01.csv"]
    with system.open_input_file(f"{path}/2013 01.csv") as file:
        file.seek(1_000_000)
        assert file.read(300) == content[1_000_000:1_000_300]
    with system.open_input_stream(f"{path}/2013 01.csv", compression=None) as stream:
        assert stream.read() == content
    assert system.get_file_info(f"{path}/2013 02.csv").type is fs.FileType.NotFound


def test_delta_commits_once_for_each_version() -> None:
    pa = pytest.importorskip("pyarrow")
    uri = "s3://lake/dev/patterns/readings"
    assert not DeltaTable.is_deltatable(uri)
    for station in ("EWR", "JFK", "LGA"):
        note = CommitProperties(custom_metadata={"source_file": station})
        write_deltalake(uri, pa.table({"station": [station]}), mode="append", commit_properties=note)
    stale = DeltaTable(uri, version=1)
    assert sorted(DeltaTable(uri).to_pyarrow_table()["station"].to_pylist()) == ["EWR", "JFK", "LGA"]
    # Whoever commits from an older version finds that its number is taken, and takes the next.
    write_deltalake(stale, pa.table({"station": ["SFO"]}), mode="append")
    assert [entry["version"] for entry in DeltaTable(uri).history()] == [3, 2, 1, 0]


def test_whoever_is_unknown_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIASOMEBODYELSE")
    with pytest.raises(OSError, match="InvalidAccessKeyId"):
        DeltaTable("s3://lake/dev/patterns/readings").version()
