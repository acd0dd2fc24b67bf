import os
from pathlib import Path

import dagster as dg
from platform_runtime.clean_up.sensor import clean_up_definitions
from platform_runtime.code_location import load_code_location


@dg.definitions
def defs() -> dg.Definitions:
    """Everything under `defs/`, one component for each `defs.yaml`; in production the clean-up of pull requests too."""
    return dg.Definitions.merge(load_code_location(Path(__file__).parent), clean_up_definitions(os.environ))
