import pytest
from hypothesis import given
from hypothesis import strategies as st
from platform_infra.databricks.storage_url import abfss_url, gcs_url, is_storage_url, lies_in, overlap, s3_url

FOLDERS = st.lists(st.from_regex(r"[a-z][a-z0-9_-]{0,5}", fullmatch=True), max_size=4)


def url(folders: list[str]) -> str:
    return "/".join(["s3://lake", *folders])


@given(FOLDERS, FOLDERS)
def test_folders_overlap_when_one_path_begins_with_the_other_whole(one: list[str], other: list[str]) -> None:
    shorter = min(len(one), len(other))
    assert overlap(url(one), url(other)) == (one[:shorter] == other[:shorter])


@given(FOLDERS, st.text(alphabet="abc", min_size=1))
def test_a_longer_name_is_another_folder(folders: list[str], more: str) -> None:
    assert not overlap(url([*folders, "pr-1"]), url([*folders, f"pr-1{more}"]))


def test_a_folder_lies_in_itself_and_in_its_parents() -> None:
    assert lies_in("s3://lake/a/", "s3://lake/a")
    assert lies_in("s3://lake/a/b", "s3://lake")
    assert not lies_in("s3://lake", "s3://lake/a")
    assert not lies_in("s3://lake2/a", "s3://lake")


def test_a_trailing_slash_is_dropped() -> None:
    assert s3_url("s3://acme-lake/dev/") == "s3://acme-lake/dev"
    assert abfss_url("abfss://lake@acme1.dfs.core.windows.net/") == "abfss://lake@acme1.dfs.core.windows.net"
    assert gcs_url("gs://acme-lake") == "gs://acme-lake"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/mnt/lake",
        "s3:/lake",
        "s3a://lake",
        "s3://",
        "s3://L",
        "s3://lake//x",
        "s3://lake/a b",
        "s3://lake/./a",
        "s3://lake/../a",
        "https://lake.s3.amazonaws.com/x",
        "gs://lake/x",
    ],
)
def test_what_is_no_folder_in_s3_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write it like s3://"):
        s3_url(text)


@pytest.mark.parametrize("text", ["wasbs://c@a.blob.core.windows.net", "abfss://a.dfs.core.windows.net/x", "s3://lake"])
def test_what_is_no_folder_in_azure_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write it like abfss://"):
        abfss_url(text)


def test_any_cloud_is_recognised() -> None:
    assert all(map(is_storage_url, ["s3://lake/x", "gs://lake/x", "abfss://lake@acme1.dfs.core.windows.net/x"]))
    assert not any(map(is_storage_url, ["", "lake", "dbfs:/lake", "s3://lake?x"]))
