import os

from platform_contract.environment_variables import EnvironmentVariable

_PUBLIC_SERVER = "https://github.com"


def run_link(repository: str) -> str:
    """Where people read what this job does; the repository's list of runs where it is no job."""
    server = os.environ.get(EnvironmentVariable.GITHUB_SERVER_URL) or _PUBLIC_SERVER
    run = os.environ.get(EnvironmentVariable.GITHUB_RUN_ID, "")
    return f"{server}/{repository}/actions/runs/{run}".rstrip("/")
