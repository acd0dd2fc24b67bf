import re
from dataclasses import dataclass
from typing import Annotated

from platform_contract.deployment import Deployment
from pydantic import Field

# Legal as a tag value in both clouds, and free of what would need quoting in a comment.
_LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._@-]*")

LabelText = Annotated[str, Field(min_length=1, max_length=64, pattern=f"^{_LABEL.pattern}$")]
"""A word or address that can stand on any object: letters, digits, space and `. _ @ -`."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What every object says of itself: deployment, owner, cost centre."""

    deployment: Deployment
    owner: str
    cost_centre: str

    def comment(self, purpose: str) -> str:
        """For types that take a comment: what the object is for, then the labels."""
        stated = " ".join(f"{key}={value}" for key, value in self.tags().items())
        return f"{purpose} [{stated}; managed by Pulumi]"

    def tags(self) -> dict[str, str]:
        """For types that take tags: key → value."""
        return {"deployment": self.deployment.name, "owner": self.owner, "cost_centre": self.cost_centre}
