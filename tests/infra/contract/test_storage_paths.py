import pytest
from platform_contract.deployment import pull_request
from platform_contract.errors import ContractError
from platform_contract.storage_paths import storage_paths

from tests.deployments import DEV, PROD


@pytest.mark.parametrize(
    "uri",
    [
        "s3://acme-data/platform",
        "gs://acme_data",
        "abfss://lake@acme.dfs.core.windows.net/platform",
        "file:///tmp/a%20folder",
    ],
)
def test_each_deployment_has_a_folder_of_its_own(uri: str) -> None:
    assert storage_paths(uri, DEV).source("shop/orders") == f"{uri}/dev/landing/shop/orders"
    assert storage_paths(f"{uri}/", pull_request(7)).landing == f"{uri}/pr-7/landing"
    assert storage_paths(uri, PROD).patterns == f"{uri}/prod/patterns"


@pytest.mark.parametrize(
    "uri",
    [
        "planted-secret/folder",
        "https://planted-secret.example.com/folder",
        "s3://AKIA:planted-secret@bucket/folder",
        "s3://AKIA:planted/secret@bucket/folder",
        "s3://bucket/folder?endpoint_override=planted-secret",
        "abfss://lake:planted-secret@acme.dfs.core.windows.net/folder",
        "s3:///planted-secret",
        "file://planted-secret",
        "s3://bucket/planted secret",
    ],
)
def test_anything_but_a_folder_is_refused_and_not_repeated(uri: str) -> None:
    with pytest.raises(
        ContractError, match="PLATFORM_STORAGE_URI is no folder in object storage: set s3://"
    ) as refused:
        storage_paths(uri, DEV)
    assert "planted" not in str(refused.value)
