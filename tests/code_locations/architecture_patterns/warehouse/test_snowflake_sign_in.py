import base64

import pytest
from architecture_patterns.warehouse.snowflake_sign_in import snowflake_sign_in
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.errors import ContractError

ACCOUNT = {EnvironmentVariable.SNOWFLAKE_ACCOUNT: "org-acc", EnvironmentVariable.SNOWFLAKE_USER: "DAGSTER_DEV"}
DER = bytes(range(100))
PEM = f"-----BEGIN PRIVATE KEY-----\n{base64.encodebytes(DER).decode()}-----END PRIVATE KEY-----\n"


def test_a_key_is_handed_over_as_bytes() -> None:
    settings = {**ACCOUNT, EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY: PEM}
    assert snowflake_sign_in(settings, "") == {
        "account": "org-acc",
        "user": "DAGSTER_DEV",
        "private_key": DER,
        "private_key_passphrase": None,
    }
    assert snowflake_sign_in(settings, "hush")["private_key_passphrase"] == b"hush"


def test_without_a_key_the_workload_proves_who_it_is() -> None:
    settings = {**ACCOUNT, EnvironmentVariable.SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER: "OIDC"}
    assert snowflake_sign_in(settings, "") == {
        "account": "org-acc",
        "user": "DAGSTER_DEV",
        "authenticator": "WORKLOAD_IDENTITY",
        "workload_identity_provider": "OIDC",
    }


@pytest.mark.parametrize(
    "key", ["s3cret", "-----BEGIN PRIVATE KEY-----\ns3cret!\n-----END PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----"]
)
def test_a_key_that_is_none_is_refused_and_not_repeated(key: str) -> None:
    settings = {**ACCOUNT, EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY: key}
    with pytest.raises(ContractError, match="SNOWFLAKE_PRIVATE_KEY is not a private key in PEM") as refused:
        snowflake_sign_in(settings, "")
    assert "s3cret" not in str(refused.value)
