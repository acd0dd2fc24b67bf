from pathlib import Path

import dagster as dg
from platform_runtime.code_location import load_code_location


@dg.definitions
def defs() -> dg.Definitions:
    """Everything under `defs/`: one component for each `defs.yaml`."""
    return load_code_location(Path(__file__).parent)
