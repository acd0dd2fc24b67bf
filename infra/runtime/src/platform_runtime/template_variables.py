"""Template variables of every `defs.yaml`: name this module as its `template_vars_module`."""

import os

import dagster as dg
from platform_contract.demo_mode import default_demo_mode


@dg.template_var
def demo_mode() -> bool:
    """True outside Dagster+ unless PLATFORM_DEMO_MODE=false, always false inside it."""
    return default_demo_mode(os.environ)
