from pathlib import Path

import dagster as dg
from platform_runtime.code_location import load_code_location


@dg.definitions
def defs() -> dg.Definitions:
    """Every lakehouse that is declared under `defs/`."""
    return load_code_location(Path(__file__).parent)
