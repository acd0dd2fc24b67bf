from collections.abc import Iterable, Iterator

import dagster as dg
from dagster.components.core.defs_module import ComponentPath
from platform_contract.domain import Domain

_DEFS = "defs.yaml"


def declared_components[C: dg.Component](context: dg.ComponentLoadContext, of_type: type[C]) -> Iterator[tuple[str, C]]:
    """Every component of a type that the location declares, with the place of its `defs.yaml`."""
    tree = context.component_tree
    for location, declaration in tree.find_root_decl().iterate_loc_component_decl_pairs():
        kind = declaration.component_type
        if isinstance(location, ComponentPath) and isinstance(kind, type) and issubclass(kind, of_type):
            place = location.file_path.relative_to(context.defs_module_path) / _DEFS
            yield place.as_posix(), tree.load_component(location, expected_type=of_type)


def refuse_second_claim(declared: Iterable[tuple[str, Domain]]) -> None:
    """Refuse two declarations of one domain: its tables, jobs, landing folder and resource follow from its name.

    Raises:
        DagsterInvalidDefinitionError: naming both files, and the fix.
    """
    claimed: dict[Domain, str] = {}
    for place, domain in declared:
        other = claimed.setdefault(domain, place)
        if other != place:
            raise dg.DagsterInvalidDefinitionError(
                f"{other} and {place} both declare domain {domain}, and would load and build the same tables "
                f"({domain.schema(domain.engine.layers[0])}.*, …), by the same jobs and from the same landing folder: "
                "declare its tables in one of them, or give the other a domain of its own"
            )
