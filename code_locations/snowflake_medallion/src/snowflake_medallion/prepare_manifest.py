"""`python -m snowflake_medallion.prepare_manifest`: prepare dbt's manifest when an image is built.

An image carries the manifest of each deployment that it may serve: inside Dagster+ nothing is parsed, which would take
ten seconds of every code server's and every run's start, and a deployment that has none there is refused. In the
environment of the command

    PLATFORM_DEPLOYMENT    dev, prod or pr-<n>
    PLATFORM_DEMO_MODE     false
    PLATFORM_LOCAL_ROOT    what PLATFORM_MANIFESTS is in the image: a folder that may be read alone when it runs

No account and no credential: parsing signs in nowhere. The project and the installed packages must lie where they lie
when the image runs.
"""

import sys
from pathlib import Path

import dagster as dg

from snowflake_medallion.components.medallion_component import MedallionComponent
from snowflake_medallion.dbt_manifest import MANIFEST, prepare_manifest


def prepare_manifests(package: Path) -> list[Path]:
    """The manifest of each dbt project that the location's `defs.yaml` files declare, parsed if it is not there yet.

    Several declarations share a project, and so its manifest.

    Args:
        package: the folder of the location's package, which holds `defs/`.

    Raises:
        ContractError: when the environment names no legal deployment, or one that cannot have that engine.
        DbtParseError: when dbt refuses the project, or the adapter of the target is not installed.
    """
    components = dg.ComponentTree.for_project(package).get_all_components(of_type=MedallionComponent)
    prepared = (prepare_manifest(component.project.folder, component.engine) for component in components)
    return [folder / MANIFEST for folder in dict.fromkeys(prepared)]


def main() -> None:
    """Prepare every manifest of this location, and print where each one lies."""
    for manifest in prepare_manifests(Path(__file__).parent):
        sys.stdout.write(f"{manifest}\n")


if __name__ == "__main__":
    main()
