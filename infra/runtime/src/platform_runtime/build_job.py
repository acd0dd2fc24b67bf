import dagster as dg
from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition
from dagster._core.storage.tags import MAX_RUNTIME_SECONDS_TAG

# As long as whoever launches it waits: what it still does then is of use to nobody.
BUILD_MAX_SECONDS = 90 * 60


def build_job(domain: str, selection: dg.AssetSelection) -> UnresolvedAssetJobDefinition:
    """The job `<domain>_build`, by which a pull request builds in its clone what it changes.

    Whoever launches it names the tables: what a change touches is told by comparing it with what production has
    published, which the deployment does not know. Launched without a choice it builds everything.

    Args:
        domain: first part of the asset keys.
        selection: what may be built, with its checks.
    """
    return dg.define_asset_job(
        f"{domain}_build",
        selection=selection,
        description="Builds the tables that a change touches, in the clone, and evaluates their checks.",
        tags={MAX_RUNTIME_SECONDS_TAG: str(BUILD_MAX_SECONDS)},
    )
