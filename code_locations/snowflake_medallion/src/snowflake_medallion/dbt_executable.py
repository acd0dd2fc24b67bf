import sys
from pathlib import Path


def dbt_executable() -> str:
    """The dbt of this Python environment, whether or not it is on PATH."""
    return str(Path(sys.executable).with_name("dbt"))
