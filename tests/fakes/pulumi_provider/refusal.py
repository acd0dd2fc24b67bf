from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the provider will not even plan these inputs: the property, and what is wrong with it."""

    property: str
    reason: str


class CloudError(Exception):
    """What the cloud answers, when applied, to something it does not allow."""
