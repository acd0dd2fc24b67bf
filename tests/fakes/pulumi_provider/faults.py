from tests.fakes.pulumi_provider.refusal import CloudError


class Faults:
    """Makes the cloud fail at a chosen change, as a network or a quota does half-way through a deployment."""

    def __init__(self) -> None:
        self._remaining: int | None = None

    def fail_at(self, change: int) -> None:
        """Let `change` - 1 creations, updates or deletions through and fail the next one, once."""
        self._remaining = change

    @property
    def pending(self) -> bool:
        """Whether a change is still to be failed."""
        return self._remaining is not None

    def strike(self, what: str) -> None:
        """Called before each change is made; raises CloudError when its turn has come."""
        if self._remaining is None:
            return
        self._remaining -= 1
        if self._remaining == 0:
            self._remaining = None
            raise CloudError(f"503 service unavailable (planned fault) at {what}")
