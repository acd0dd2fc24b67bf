"""Landing the sample input in object storage, by the client that production uses, on a stand-in for S3."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from platform_cli.cloud_landing import land_in_object_storage
from platform_cli.landing_report import LandingReport
from platform_contract.errors import ContractError
from platform_runtime.object_storage import StorageFolder

from tests.fakes.object_storage.object_storage import ObjectStorage, object_storage

pytestmark = pytest.mark.slow

LANDING = "s3://lake/dev/landing"


@pytest.fixture
def storage(monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectStorage]:
    with object_storage("lake") as running:
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        yield running


def test_a_file_lands_once_and_a_refusal_says_what_to_do(
    storage: ObjectStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = tmp_path / "stores.csv"
    sample.write_bytes(b"id,name\n")
    samples = {Path("shop/stores/stores.csv"): sample}
    assert land_in_object_storage(LANDING, samples) == [LandingReport("shop", 1, 0)]
    sample.write_bytes(b"another content")
    assert land_in_object_storage(LANDING, samples) == [LandingReport("shop", 0, 1)]
    StorageFolder(f"{LANDING}/shop").fetch("stores/stores.csv", tmp_path / "landed.csv")
    assert (tmp_path / "landed.csv").read_bytes() == b"id,name\n"
    with pytest.raises(
        ContractError, match=r"^there is no such bucket: create the one that PLATFORM_STORAGE_URI names"
    ):
        land_in_object_storage("s3://laek/dev/landing", samples)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIASOMEBODYELSE")
    with pytest.raises(ContractError, match=r"^object storage refuses this process") as refused:
        land_in_object_storage(LANDING, samples)
    assert "AKIASOMEBODYELSE" not in str(refused.value)
