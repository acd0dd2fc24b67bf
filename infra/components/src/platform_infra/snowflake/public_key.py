import base64
import binascii
from typing import Annotated

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pydantic import AfterValidator

_LEAST_BITS = 2048
_PEM_LINE = "-----"
_HOW = "take the public half: openssl rsa -in key.p8 -pubout"


def public_key_body(text: str) -> str:
    """The one line of base64 that Snowflake wants of a public key, from that line or from a PEM file.

    Raises:
        ValueError: when it is no RSA public key of at least 2048 bits. The text itself is never repeated: somebody
            may have pasted the private half.
    """
    if "PRIVATE" in text:
        raise ValueError(f"this is a private key, which belongs in no setting: {_HOW}, and replace that key")
    lines = (line.strip() for line in text.strip().splitlines())
    body = "".join(line for line in lines if not line.startswith(_PEM_LINE))
    key = _parsed(body)
    if not isinstance(key, RSAPublicKey) or key.key_size < _LEAST_BITS:
        raise ValueError(f"not an RSA public key of at least {_LEAST_BITS} bits: {_HOW}")
    return body


def _parsed(body: str) -> object:
    try:
        return load_der_public_key(base64.b64decode(body, validate=True))
    except (binascii.Error, ValueError, UnsupportedAlgorithm):
        return None


RsaPublicKey = Annotated[str, AfterValidator(public_key_body)]
"""A public key, checked when the settings are read."""
