from collections.abc import Iterable
from pathlib import Path

import dagster as dg
from platform_contract.domain import Domain


def refuse_second_claim(declared: Iterable[tuple[Path, Domain]]) -> None:
    """Refuse two declarations of one domain: its tables, jobs, landing folder and resource follow from its name.

    Raises:
        DagsterInvalidDefinitionError: naming both files, and the fix.
    """
    claimed: dict[Domain, Path] = {}
    for place, domain in declared:
        other = claimed.setdefault(domain, place)
        if other != place:
            raise dg.DagsterInvalidDefinitionError(
                f"{other} and {place} both declare domain {domain}, and would load and build the same tables "
                f"({domain.schema(domain.engine.layers[0])}.*, …), by the same jobs and from the same landing folder: "
                "declare its tables in one of them, or give the other a domain of its own"
            )
