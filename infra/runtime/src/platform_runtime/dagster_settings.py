from importlib import resources

DAGSTER_SETTINGS = "dagster.yaml"


def shipped_dagster_settings() -> str:
    """The instance settings that this version of the platform ships, as the text of a `dagster.yaml`."""
    return resources.files("platform_runtime").joinpath(DAGSTER_SETTINGS).read_text(encoding="utf-8")
