from dataclasses import dataclass

from tests.infra.engine.harness.engine_events import EngineEvents


@dataclass(frozen=True, slots=True)
class EngineRun:
    """One run of the engine: how it ended, what it printed, what it reported, and how long it took in all."""

    code: int
    output: str
    events: EngineEvents
    seconds: float

    def succeeded(self) -> "EngineRun":
        """This run, which must have ended well."""
        assert self.code == 0, self.output
        return self

    def refused(self, why: str) -> "EngineRun":
        """This run, which must have ended badly and said why."""
        assert self.code != 0, self.output
        assert why in self.output, self.output
        return self

    def refused_by_fault(self) -> "EngineRun":
        """This run, which a planned fault must have ended.

        Where it strikes while the program still declares, the engine may say of it no more than that it stopped.
        """
        assert self.code != 0, self.output
        reasons = ("503 service unavailable (planned fault)", "Resource monitor has terminated, shutting down")
        assert any(reason in self.output for reason in reasons), self.output
        return self

    def did(self, *operations: str) -> list[str]:
        """The names of the resources that had any of these operations, in the engine's order."""
        return [step.name for step in self.events.steps if step.operation in operations]

    @property
    def changed(self) -> dict[str, int]:
        """How many resources had or would have something done to them, by what was done."""
        return self.events.changed
