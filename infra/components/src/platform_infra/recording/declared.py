"""Print what the programs of a checkout declare for its standing stacks: `python declared.py <checkout>/infra`.

Run it with PYTHONPATH on that checkout's own packages, and it tells what that checkout declares, whichever this is.
"""

import json
import sys
from pathlib import Path
from typing import Any

from platform_contract.deployment import Deployment, parse_deployment

from platform_infra.recording.programs import record_databricks, record_snowflake
from platform_infra.recording.recorder import RecordedStack

_PROGRAMS = {"snowflake": record_snowflake, "databricks": record_databricks}


def declared(infra: Path) -> dict[str, dict[str, Any]]:
    """`<stack> <program>` → `<Kind> <logical name>` → what is declared of it.

    Raises:
        StackSettingsError, GuardrailError: as the programs themselves do.
    """
    return {
        f"{deployment} {name}": _resources(record(infra, deployment))
        for deployment in _standing(infra)
        for name, record in _PROGRAMS.items()
    }


def _standing(infra: Path) -> list[Deployment]:
    """Those that have stack files: older checkouts know no other list, and this runs on the packages of any."""
    stacks = sorted(file.name.split(".")[1] for file in (infra / "snowflake").glob("Pulumi.*.yaml"))
    return [one for one in map(parse_deployment, stacks) if one.pull_request is None]


def _resources(stack: RecordedStack) -> dict[str, Any]:
    return {f"{one.kind} {one.name}": {**one.inputs, "protect": one.protect} for one in stack.resources if one.custom}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(declared(Path(sys.argv[1])), default=str))
