import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from platform_contract.local_paths import checkout

from tests.infra.engine.harness.pulumi_engine import find_engine, require_engine
from tests.rehearsal.production.dev_stack import DevStack, StandIns
from tests.rehearsal.production.steps import Steps


@contextmanager
def chosen_stack(stand_ins: StandIns, folder: Path, steps: Steps) -> Iterator[DevStack]:
    """The stack by the real engine, or by the contract's names on a laptop that has none."""
    if find_engine() is None and os.environ.get("CI", "").lower() != "true":
        # fakesnow and the provider's SDKs are imported with what uses them.
        from tests.rehearsal.production.contract_stack import ContractStack

        steps.note(
            "No Pulumi CLI here, so nothing below is applied by its engine: what the stack would make is made by the "
            "contract's names. `sh .ci/pulumi` builds the CLI once, where Go is installed."
        )
        yield ContractStack(stand_ins)
        return
    from tests.rehearsal.production.engine_stack import engine_stack

    with engine_stack(require_engine(), checkout(Path(__file__)) / ".venv", folder, stand_ins) as stack:
        yield stack
