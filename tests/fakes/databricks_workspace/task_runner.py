"""The process that a `spark_python_task` runs in: task_runner.py VOLUMES_FOLDER SCRIPT [PARAMETER ...]."""

import runpy
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).parent)

from volume_mount import mount  # noqa: E402 - found beside this file, not in the repository's packages


def main() -> None:
    """Run the script as Databricks does: its parameters on the command line, volumes mounted, Spark within reach."""
    volumes, script, *parameters = sys.argv[1:]
    mount(volumes)
    del sys.path[0]
    sys.argv = [script, *parameters]
    runpy.run_path(script, run_name="__main__")


if __name__ == "__main__":
    main()
