from typing import override

from xdist.scheduler import LoadFileScheduling

# What these share takes a minute to make, or ten seconds and hundreds of megabytes: once for all of them is enough.
TOGETHER = {
    "the shop's story": (
        "tests/code_locations/snowflake_medallion/components/",
        "tests/code_locations/snowflake_medallion/test_dbt_manifest.py",
        "tests/dbt_project/",
    ),
    "the images of the code locations": (
        "tests/commands/test_closure.py",
        "tests/rehearsal/pull_requests/",
    ),
}


class SharedWorkScheduling(LoadFileScheduling):
    """Where processes share the tests, each takes whole files, and all those that need the same dear thing."""

    @override
    def _split_scope(self, nodeid: str) -> str:
        file = super()._split_scope(nodeid)
        return next((name for name, files in TOGETHER.items() if file.startswith(files)), file)
