import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.rehearsal.databricks.client import Client
from tests.rehearsal.databricks.conftest import CATALOG

if TYPE_CHECKING:
    from tests.fakes.databricks_workspace.workspace import Workspace

pytestmark = pytest.mark.slow

LANDING = f"/Volumes/{CATALOG}/ops/landing"
COPY = (
    "COPY INTO bronze.landed FROM (SELECT id, name AS label, upper(_metadata.file_name) AS file,"
    " _metadata.file_path AS path FROM '{folder}') FILEFORMAT = CSV {files}"
    " FORMAT_OPTIONS ('header' = 'true') COPY_OPTIONS ('mergeSchema' = 'false')"
)


@pytest.fixture
def folder(databricks: "Workspace", warehouse: Client, request: pytest.FixtureRequest) -> Path:
    """A folder of the landing volume of its own, and an empty table."""
    warehouse.run("CREATE OR REPLACE TABLE bronze.landed (label STRING, id STRING, file STRING, path STRING)")
    made = databricks.unity.volumes_root / CATALOG / "ops" / "landing" / request.node.name
    made.mkdir()
    (made / "a.csv").write_text("id,name\n1,one\n2,\n")
    return made


def copy(warehouse: Client, folder: Path, *files: str) -> tuple[int, ...]:
    named = f"FILES = ({', '.join(repr(file) for file in files)})" if files else ""
    (counts,) = warehouse.run(COPY.format(folder=f"{LANDING}/{folder.name}", files=named))
    return counts


def test_columns_go_by_name_and_tell_their_file(warehouse: Client, folder: Path) -> None:
    assert copy(warehouse, folder, "a.csv") == (2, 2, 0)
    path = f"dbfs:{LANDING}/{folder.name}/a.csv"
    assert warehouse.run("SELECT * FROM bronze.landed ORDER BY id") == [
        ("one", "1", "A.CSV", path),
        (None, "2", "A.CSV", path),
    ]


def test_a_path_is_loaded_once_even_when_its_content_changed(warehouse: Client, folder: Path) -> None:
    copy(warehouse, folder, "a.csv")
    (folder / "a.csv").write_text("id,name\n1,corrected\n")
    (folder / "b.csv").write_text("id,name\n3,three\n")
    assert copy(warehouse, folder, "a.csv", "b.csv") == (1, 1, 0)
    assert copy(warehouse, folder) == (0, 0, 0)
    assert warehouse.run("SELECT id, label FROM bronze.landed ORDER BY id") == [
        ("1", "one"),
        ("2", None),
        ("3", "three"),
    ]


def test_a_new_name_for_the_same_content_is_loaded_again(warehouse: Client, folder: Path) -> None:
    copy(warehouse, folder)
    (folder / "a.csv").rename(folder / "renamed.csv")
    assert copy(warehouse, folder) == (2, 2, 0)


def test_memory_is_the_tables_own_and_survives_a_restore(warehouse: Client, folder: Path) -> None:
    before = warehouse.run("DESCRIBE HISTORY bronze.landed LIMIT 1")[0][0]
    copy(warehouse, folder)
    warehouse.run(f"RESTORE TABLE bronze.landed TO VERSION AS OF {before}")
    assert copy(warehouse, folder) == (0, 0, 0)
    warehouse.run("DROP TABLE bronze.landed")
    warehouse.run("CREATE TABLE bronze.landed (label STRING, id STRING, file STRING, path STRING)")
    assert copy(warehouse, folder) == (2, 2, 0)


def test_a_load_that_fails_leaves_nothing_and_is_not_remembered(warehouse: Client, folder: Path) -> None:
    with pytest.raises(Exception, match=r"b.csv"):
        copy(warehouse, folder, "a.csv", "b.csv")
    assert warehouse.value("SELECT count(*) FROM bronze.landed") == 0
    assert copy(warehouse, folder, "a.csv") == (2, 2, 0)


def test_files_of_a_volume_are_hashed_by_query_and_listed_by_none(warehouse: Client, folder: Path) -> None:
    asked = f"SELECT path, sha2(content, 256), length FROM binaryFile.`{LANDING}/{folder.name}`"
    content = (folder / "a.csv").read_bytes()
    path = f"dbfs:{LANDING}/{folder.name}/a.csv"
    assert warehouse.run(asked) == [(path, hashlib.sha256(content).hexdigest(), len(content))]
    with pytest.raises(Exception, match="LIST takes the URL of cloud storage"):
        warehouse.run(f"LIST '{LANDING}/{folder.name}'")
    with pytest.raises(Exception, match="User does not have READ FILES on the external location"):
        warehouse.run("LIST 's3://somebodys-bucket/folder'")


def test_a_volume_that_nobody_declared_holds_no_files(warehouse: Client) -> None:
    with pytest.raises(Exception, match="UC_VOLUME_NOT_FOUND"):
        warehouse.run(f"COPY INTO bronze.landed FROM '/Volumes/{CATALOG}/ops/nowhere' FILEFORMAT = CSV")
