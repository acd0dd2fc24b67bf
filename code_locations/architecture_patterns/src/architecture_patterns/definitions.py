from pathlib import Path

import dagster as dg


@dg.definitions
def defs() -> dg.Definitions:
    """Every pattern under `defs/`; a run is one process, for pipelines that take seconds."""
    patterns = dg.load_from_defs_folder(path_within_project=Path(__file__).parent)
    return dg.Definitions.merge(patterns, dg.Definitions(executor=dg.in_process_executor))
