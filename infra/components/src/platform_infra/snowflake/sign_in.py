"""How a service user proves who it is: a key pair, or the identity that its platform vouches for. Never a password."""

from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from platform_infra.snowflake.public_key import RsaPublicKey
from platform_infra.stack_settings.typed_settings import SETTINGS

HttpsUrl = Annotated[str, Field(pattern=r"^https://[^\s/?#]+\S*$")]
Text = Annotated[str, Field(min_length=1)]


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class KeyPair:
    """Signs in with a private key. Either slot is valid at any time, which is what makes rotation gapless."""

    kind: Literal["key_pair"]
    public_key: RsaPublicKey
    public_key_2: RsaPublicKey | None = None


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class OidcIdentity:
    """Signs in with a token of an OpenID issuer, as GitHub Actions do."""

    kind: Literal["oidc"]
    issuer: HttpsUrl
    subject: Text
    audiences: tuple[Text, ...] = ()


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class AwsIdentity:
    """Signs in as an AWS role."""

    kind: Literal["aws"]
    arn: Annotated[str, Field(pattern=r"^arn:aws[a-z-]*:(iam|sts)::\d{12}:(role|user|assumed-role)/\S+$")]


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class AzureIdentity:
    """Signs in as an Azure managed identity."""

    kind: Literal["azure"]
    issuer: HttpsUrl
    subject: Text


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class GcpIdentity:
    """Signs in as a Google service account, by its numeric id."""

    kind: Literal["gcp"]
    subject: Annotated[str, Field(pattern=r"^\d+$")]


WorkloadIdentity = OidcIdentity | AwsIdentity | AzureIdentity | GcpIdentity
type SignIn = Annotated[KeyPair | WorkloadIdentity, Field(discriminator="kind")]
