from pathlib import Path

import pytest
from architecture_patterns.landed import EmptyLandingError, SourceRow, source_files
from platform_runtime.files.landing import LocalLanding
from platform_runtime.files.refusal import RefusedFilesError

from tests.code_locations.architecture_patterns.landing_folder import LandingFolder


def test_only_whole_csv_files_count_by_name(tmp_path: Path) -> None:
    for name in ("b.csv.gz", "A.CSV", ".c.csv.arriving-7", "e.csv.tmp", "2013/d.csv.zst", "README.md"):
        LandingFolder(tmp_path).put_bytes(f"shop/orders/{name}", b"id\n1\n")
    names = [file.file.name for file in source_files(LocalLanding(path=str(tmp_path)), "shop/orders").files]
    assert names == ["2013/d.csv.zst", "A.CSV", "b.csv.gz"]


def test_nothing_landed_says_where_and_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(EmptyLandingError, match=f"no CSV file in {tmp_path}/weather: run `make land`"):
        source_files(LocalLanding(path=str(tmp_path)), "weather")


def test_what_lies_there_and_is_no_file_is_named(tmp_path: Path) -> None:
    landing = LandingFolder(tmp_path)
    landing.put("shop/orders/a.csv", "id", "1")
    (tmp_path / "shop" / "orders" / "b.csv").symlink_to("/etc/passwd")
    source = source_files(LocalLanding(path=str(tmp_path)), "shop/orders")
    refusal = r"b.csv: it is a link that leads to no file within the landing folder"
    with pytest.raises(RefusedFilesError, match=refusal):
        source.all_of_them()
    loaded: list[str] = []
    with pytest.raises(RefusedFilesError, match=refusal):
        source.each_by_itself(lambda file: loaded.append(file.file.name))
    assert loaded == ["a.csv"]


def test_rows_carry_their_file_and_line_and_an_empty_field_is_an_empty_text(tmp_path: Path) -> None:
    LandingFolder(tmp_path).put("shop/orders/a.csv", "name,id", "Ann,1", '"Bo, jr",')
    (file,) = source_files(LocalLanding(path=str(tmp_path)), "shop/orders").all_of_them()
    assert list(file.rows(("id", "name"))) == [
        SourceRow("a.csv", 2, {"id": "1", "name": "Ann"}),
        SourceRow("a.csv", 3, {"id": "", "name": "Bo, jr"}),
    ]
