import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from platform_runtime.files.file_format import matches
from platform_runtime.files.landed_file import LandedFile
from platform_runtime.files.local_folder import LocalFolder
from platform_runtime.files.refusal import Refusal


def put(folder: Path, name: str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("id\n1\n", encoding="utf-8")
    return path


def names(folder: Path) -> list[str]:
    return [file.name for file in LocalFolder(folder).listing().files]


def refused(folder: Path) -> list[str]:
    return [str(refusal) for refusal in LocalFolder(folder).listing().refused]


def test_files_of_all_folders_are_listed_by_name(tmp_path: Path) -> None:
    for name in ("b.CSV", "2013/01/a.csv.gz", "2013/b.csv", "x.txt"):
        put(tmp_path, name)
    assert names(tmp_path) == ["2013/01/a.csv.gz", "2013/b.csv", "b.CSV", "x.txt"]
    assert refused(tmp_path) == []
    assert names(tmp_path / "nowhere") == []


def test_a_file_is_told_by_its_size_and_time_in_whole_milliseconds(tmp_path: Path) -> None:
    os.utime(put(tmp_path, "a.csv"), ns=(0, 1_500_000_000_123_999_999))
    moment = datetime(2017, 7, 14, 2, 40, 0, 123_000, tzinfo=UTC)
    assert LocalFolder(tmp_path).listing().files == (LandedFile("a.csv", 5, moment),)


@pytest.mark.parametrize(
    "name",
    [".a.csv", ".a.csv.arriving-7", "_SUCCESS", ".git/a.csv", "_tmp/a.csv", "a.csv.tmp", "a.csv.PART", "a.csv~"],
)
def test_what_is_hidden_or_still_arriving_has_not_landed(tmp_path: Path, name: str) -> None:
    put(tmp_path, name)
    assert names(tmp_path) == []
    assert refused(tmp_path) == []


def test_a_link_to_a_file_within_the_folder_is_a_file_and_any_other_is_refused(tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    whole = put(landing, "a.csv")
    outside = put(tmp_path, "outside.csv")
    (landing / "same.csv").symlink_to(whole)
    (landing / "leaves.csv").symlink_to(outside)
    (landing / "leaves_too.csv").symlink_to("../outside.csv")
    (landing / "nowhere.csv").symlink_to("gone.csv")
    (landing / "loop.csv").symlink_to("loop.csv")
    (landing / "folder").symlink_to(tmp_path)
    assert names(landing) == ["a.csv", "same.csv"]
    refusal = "it is a link that leads to no file within the landing folder; put the file itself there, or take it away"
    leaving = ("folder", "leaves.csv", "leaves_too.csv", "loop.csv", "nowhere.csv")
    assert refused(landing) == [f"{name}: {refusal}" for name in leaving]


def test_a_name_that_is_no_utf_8_and_what_is_no_file_are_refused_and_stop_nothing(tmp_path: Path) -> None:
    put(tmp_path, "good.csv")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/K\xf6ln.csv")).touch()
    os.mkfifo(tmp_path / "pipe.csv")
    assert names(tmp_path) == ["good.csv"]
    assert refused(tmp_path) == [
        "K\\xf6ln.csv: its name is not UTF-8; rename it, or take it away",
        "pipe.csv: it is no file; put the file itself there, or take it away",
    ]


def test_the_hash_is_that_of_the_bytes_and_of_a_file_that_cannot_be_read_there_is_a_refusal(tmp_path: Path) -> None:
    put(tmp_path, "a.csv")
    folder = LocalFolder(tmp_path)
    (file,) = folder.listing().files
    assert folder.hash_of(file) == hashlib.sha256(b"id\n1\n").hexdigest()
    (tmp_path / "a.csv").unlink()
    (tmp_path / "a.csv").mkdir()
    assert folder.hash_of(file) == Refusal(
        "a.csv", "", "the file cannot be read (Is a directory)", "make it readable, or take it away"
    )


def test_a_pattern_minds_neither_case_nor_folder() -> None:
    assert matches("2013/WEATHER_01.CSV.GZ", ["weather_*.csv", "weather_*.csv.gz"])
    assert not matches("weather_01.csv/other.txt", ["weather_*"])
