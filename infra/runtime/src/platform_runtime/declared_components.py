from collections.abc import Iterator
from pathlib import Path

import dagster as dg
from dagster.components.core.defs_module import ComponentPath

_DEFS = "defs.yaml"


def declared_components[C: dg.Component](
    context: dg.ComponentLoadContext, of_type: type[C]
) -> Iterator[tuple[Path, C]]:
    """Every component of a type that the location declares, as Dagster has loaded it, with its `defs.yaml`."""
    tree = context.component_tree
    for location, declaration in tree.find_root_decl().iterate_loc_component_decl_pairs():
        kind = declaration.component_type
        if isinstance(location, ComponentPath) and isinstance(kind, type) and issubclass(kind, of_type):
            yield location.file_path / _DEFS, tree.load_component(location, expected_type=of_type)
