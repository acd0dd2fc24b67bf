from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.fakes.pulumi_provider.call_log import Call
from tests.fakes.pulumi_provider.cloud import Cloud
from tests.infra.engine.harness.engine_run import EngineRun
from tests.infra.engine.harness.inline_stack import InlineStack
from tests.infra.engine.harness.pulumi_cli import Stack

type Contents = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A stack from its first preview until it has been made, damaged and repaired.

    `interrupted` are the runs that the cloud failed half-way, `recovered` the one after them, `again` the one after
    that. `seen` is a preview that looked at the damaged cloud, `repaired` the run that mended it, and `mending` what
    that run did, in order. `settled` and `resettled` are previews that looked at the cloud and expected no change.
    """

    preview: EngineRun
    interrupted: tuple[EngineRun, ...]
    recovered: EngineRun
    again: EngineRun
    settled: EngineRun
    seen: EngineRun
    repaired: EngineRun
    mending: tuple[Call, ...]
    resettled: EngineRun
    stored: str
    outputs: str


@dataclass(frozen=True, slots=True)
class Departure:
    """A stack's end: the run of `pulumi destroy`, and what the cloud held before and after it."""

    run: EngineRun
    before: Contents
    after: Contents


@dataclass(frozen=True, slots=True)
class Traveller:
    """One stack on a fake cloud: as users run it, and in the test's own process where only speed differs."""

    stack: Stack
    inline: InlineStack
    cloud: Cloud[Any]

    def arrive(self, faults: Sequence[int], damage: Callable[[], None]) -> Arrival:
        """Make the stack, failing at these changes on the way, then damage it behind its back and have it mended."""
        preview = self.stack.preview()
        interrupted = tuple(self._fail_at(change) for change in faults)
        recovered = self.inline.up(None, refresh=False)
        again = self.stack.up()
        settled = self.stack.preview("--refresh", "--expect-no-changes")
        damage()
        seen = self.inline.preview(None, refresh=True)
        before = len(self.cloud.changes())
        repaired = self.inline.up(None, refresh=True)
        return Arrival(
            preview=preview,
            interrupted=interrupted,
            recovered=recovered,
            again=again,
            settled=settled,
            seen=seen,
            repaired=repaired,
            mending=tuple(self.cloud.changes()[before:]),
            resettled=self.inline.preview(None, refresh=True),
            stored=self.stack.cli.stored(),
            outputs=self.stack.outputs(),
        )

    def leave(self) -> Departure:
        """Destroy the stack, as users do."""
        before = contents(self.cloud)
        run = self.stack.destroy()
        return Departure(run, before, contents(self.cloud))

    def _fail_at(self, change: int) -> EngineRun:
        self.cloud.faults.fail_at(change)
        run = self.inline.up(None, refresh=False)
        assert not self.cloud.faults.pending, run.output
        return run


def contents(cloud: Cloud[Any]) -> Contents:
    """Everything that exists in a cloud, by type and id."""
    return frozenset((found.token, found.id) for found in cloud.inventory.everything())
