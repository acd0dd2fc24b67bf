import warnings
from pathlib import Path

import dagster as dg


def load_code_location(package: Path) -> dg.Definitions:
    """What `dg.load_from_defs_folder` loads, without the catalog of component types.

    For that catalog the library imports every installed package that offers components, used or not: with the cloud
    clients installed that is many seconds at each start of a code server and of a run.

    Args:
        package: the folder of the location's package, which holds `defs/`.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.BetaWarning)
        warnings.simplefilter("ignore", dg.PreviewWarning)
        tree = dg.ComponentTree.for_project(package)
        return dg.Definitions.merge(tree.build_defs_at_path(Path()), dg.Definitions(component_tree=tree))
