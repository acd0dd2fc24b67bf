from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from platform_infra.databricks.storage_url import AbfssUrl, GcsUrl, S3Url
from platform_infra.stack_settings.common_settings import Cloud
from platform_infra.stack_settings.typed_settings import SETTINGS

RoleArn = Annotated[str, Field(pattern=r"^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]+$")]
AccessConnectorId = Annotated[
    str,
    Field(
        pattern=r"^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Databricks/accessConnectors/[^/]+$"
    ),
]


class StorageTrust(StrEnum):
    """Whether the cloud trusts the storage credential yet.

    The credential makes the identity that the cloud's trust policy has to name, and the policy lives in the cloud: so
    the first `up` makes the credential and prints what to trust, and the next one, told `established`, builds on it.
    """

    PENDING = "pending"
    ESTABLISHED = "established"


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class AwsStorage:
    """A folder in S3, and the role that reads and writes it for Databricks."""

    cloud: Literal[Cloud.AWS]
    root: S3Url
    role_arn: RoleArn


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class AzureStorage:
    """A folder in a storage account, and the access connector whose identity reads and writes it."""

    cloud: Literal[Cloud.AZURE]
    root: AbfssUrl
    access_connector_id: AccessConnectorId


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class GcpStorage:
    """A folder in Cloud Storage; Databricks makes the service account that reads and writes it."""

    cloud: Literal[Cloud.GCP]
    root: GcsUrl


type CloudStorage = Annotated[AwsStorage | AzureStorage | GcpStorage, Field(discriminator="cloud")]
