from pathlib import Path

import pytest
from architecture_patterns.warehouse.snowflake_sign_in import snowflake_sign_in
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.errors import ContractError

from tests.rehearsal.snowflake_keys import make_key_pair

PASSPHRASE = "SNOWFLAKE_PRIVATE_KEY_PASSPHRASE"  # noqa: S105 - a name, not a secret
ACCOUNT = {EnvironmentVariable.SNOWFLAKE_ACCOUNT: "org-acc", EnvironmentVariable.SNOWFLAKE_USER: "DAGSTER_DEV"}


def test_a_key_is_handed_over_as_bytes_encrypted_or_not() -> None:
    serialization = pytest.importorskip("cryptography.hazmat.primitives.serialization")
    key = make_key_pair()
    der = key.private.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for pem, passphrase in ((key.pem, ""), (key.pem, "of no use"), (key.encrypted_pem("hush"), "hush")):
        settings = {**ACCOUNT, EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY: pem}
        expected = {"account": "org-acc", "user": "DAGSTER_DEV", "private_key": der}
        assert snowflake_sign_in(settings, {PASSPHRASE: passphrase}) == expected


def test_without_a_key_a_pod_proves_who_it_is_by_the_token_that_lies_there_now(tmp_path: Path) -> None:
    file = tmp_path / "token"
    settings = {**ACCOUNT, EnvironmentVariable.SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER: "OIDC"}
    environ = {"SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER": "OIDC", "SNOWFLAKE_TOKEN_FILE_PATH": str(file)}
    for token in ("first", "second"):
        file.write_text(token, encoding="utf-8")
        assert snowflake_sign_in(settings, environ) == {
            "account": "org-acc",
            "user": "DAGSTER_DEV",
            "authenticator": "WORKLOAD_IDENTITY",
            "workload_identity_provider": "OIDC",
            "token": token,
        }


def test_a_token_that_is_missing_is_named_before_anybody_is_asked() -> None:
    environ = {"SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER": "OIDC"}
    settings = {**ACCOUNT, EnvironmentVariable.SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER: "OIDC"}
    with pytest.raises(ContractError, match="SNOWFLAKE_TOKEN_FILE_PATH"):
        snowflake_sign_in(settings, environ)


@pytest.mark.parametrize(
    "key", ["s3cret", "-----BEGIN PRIVATE KEY-----\ns3cret!\n-----END PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----"]
)
def test_a_key_that_is_none_is_refused_and_not_repeated(key: str) -> None:
    pytest.importorskip("cryptography")
    settings = {**ACCOUNT, EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY: key}
    with pytest.raises(ContractError, match="SNOWFLAKE_PRIVATE_KEY is not a private key in PEM") as refused:
        snowflake_sign_in(settings, {})
    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(("passphrase", "fault"), [("", "is encrypted: set"), ("wr0ng", "does not open")])
def test_a_passphrase_that_is_missing_or_another_is_named_and_not_shown(passphrase: str, fault: str) -> None:
    pytest.importorskip("cryptography")
    settings = {**ACCOUNT, EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY: make_key_pair().encrypted_pem("hush")}
    with pytest.raises(ContractError, match=fault) as refused:
        snowflake_sign_in(settings, {PASSPHRASE: passphrase})
    assert not {"hush", "wr0ng"} & set(str(refused.value).split())
