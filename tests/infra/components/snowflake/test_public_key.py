import base64

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from platform_infra.snowflake.public_key import public_key_body

PEM = serialization.Encoding.PEM
PUBLIC = serialization.PublicFormat.SubjectPublicKeyInfo


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65_537, key_size=2_048)


def test_a_pem_file_and_the_line_that_snowflake_wants_are_the_same_key(key: rsa.RSAPrivateKey) -> None:
    der = key.public_key().public_bytes(serialization.Encoding.DER, PUBLIC)
    line = base64.b64encode(der).decode("ascii")
    assert public_key_body(key.public_key().public_bytes(PEM, PUBLIC).decode("ascii")) == line
    assert public_key_body(f"\n{line}\n") == line


def test_a_private_key_is_refused_and_never_repeated(key: rsa.RSAPrivateKey) -> None:
    private = key.private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode("ascii")
    with pytest.raises(ValueError, match="this is a private key") as refused:
        public_key_body(private)
    assert private.splitlines()[1] not in str(refused.value)


def test_a_private_key_without_its_header_is_refused_and_never_repeated(key: rsa.RSAPrivateKey) -> None:
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    line = base64.b64encode(der).decode("ascii")
    with pytest.raises(ValueError, match="not an RSA public key") as refused:
        public_key_body(line)
    assert line not in str(refused.value)


def test_a_short_key_and_one_of_another_kind_are_refused() -> None:
    short = rsa.generate_private_key(public_exponent=65_537, key_size=1_024).public_key()  # noqa: S505 - too short, on purpose
    curve = ec.generate_private_key(ec.SECP256R1()).public_key()
    for other in (short, curve):
        with pytest.raises(ValueError, match="at least 2048 bits"):
            public_key_body(other.public_bytes(PEM, PUBLIC).decode("ascii"))


@pytest.mark.parametrize("text", ["", "MIIB", "not base64 at all!", "ssh-rsa AAAAB3NzaC1yc2E= me"])
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="openssl rsa"):
        public_key_body(text)
