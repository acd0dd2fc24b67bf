from dataclasses import dataclass

APPLY = "APPLY"
MADE = "EVERY"
OWNERSHIP = "OWNERSHIP"
MEMBERSHIP = "MEMBERSHIP"


@dataclass(frozen=True, slots=True, order=True)
class Right:
    """One privilege of one holder on one object, or on everything of a kind in a container (`RAW.LOADS.*`).

    A holder is a role, user, group or service principal by its name in the cloud; `on` is the kind of object. To be a
    member of a role or group is a right as well: `MEMBERSHIP` on it.
    """

    holder: str
    privilege: str
    on: str
    name: str

    def __str__(self) -> str:
        return f"{self.holder}: {self.privilege} on {self.on} {self.name}"


@dataclass(frozen=True, slots=True)
class Grant:
    """A right that a stack gives: `stack` and `by`, the resource that does it, say where to change it."""

    right: Right
    stack: str
    by: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody may have a right: the pipeline that needs it, or who answers for it although none does."""

    pipeline: str
    text: str
    owner: str | None

    def on_the_way(self) -> "Reason":
        """Why the same pipeline or person may enter what holds the object."""
        return Reason(self.pipeline, "on the way to what is in it", self.owner)


@dataclass(frozen=True, slots=True)
class JustifiedRight:
    """A right that is needed, or declared to be wanted, and why."""

    right: Right
    reason: Reason

    @property
    def is_need(self) -> bool:
        """Whether a pipeline fails without it."""
        return self.reason.owner is None
