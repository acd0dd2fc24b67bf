from pathlib import Path

import dagster as dg
from platform_runtime.code_location import load_code_location


@dg.definitions
def defs() -> dg.Definitions:
    """Every pattern under `defs/`; a run is one process, for pipelines that take seconds."""
    patterns = load_code_location(Path(__file__).parent)
    return dg.Definitions.merge(patterns, dg.Definitions(executor=dg.in_process_executor))
