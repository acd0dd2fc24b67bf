from datetime import date, timedelta
from enum import StrEnum
from typing import Annotated

from platform_contract.deployment import Deployment, Trait
from platform_contract.table_upkeep import PULL_REQUEST_DAYS
from pydantic import Field
from pydantic.dataclasses import dataclass

from platform_infra.labels.labels import Labels, LabelText
from platform_infra.stack_settings.typed_settings import SETTINGS


class Cloud(StrEnum):
    """The cloud that an account or workspace runs in."""

    AWS = "aws"
    AZURE = "azure"
    GCP = "gcp"


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class CommonSettings:
    """What every cloud program is told; each program's own settings extend it.

    The two expiry settings matter to pull requests alone: a date, or else days without an update.
    """

    owner: LabelText
    cost_centre: LabelText
    cloud: Cloud
    region: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    expires_on: date | None = None
    expires_after_days: Annotated[int, Field(ge=1, le=90)] = PULL_REQUEST_DAYS

    def labels(self, deployment: Deployment) -> Labels:
        """What every object of the deployment says of itself."""
        return Labels(deployment, self.owner, self.cost_centre)

    def expiry(self, deployment: Deployment) -> dict[str, str | int] | None:
        """When a pull request's stack may be swept; None for a stack that stays."""
        if not deployment.has(Trait.PULL_REQUEST):
            return None
        if self.expires_on is not None:
            return {"expires_on": self.expires_on.isoformat()}
        return {"days_after_last_update": self.expires_after_days}

    def last_day(self, today: date) -> date:
        """The last day on which a pull request's stack may stand without another update than today's."""
        return self.expires_on or today + timedelta(days=self.expires_after_days)
