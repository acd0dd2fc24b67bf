import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from platform_infra.databricks.resource_types import CATALOG, EXTERNAL_LOCATION, SCHEMA, VOLUME
from platform_infra.databricks.storage_url import is_storage_url, lies_in, overlap
from platform_infra.guardrails.declared_resource import DeclaredResource, is_unknown
from platform_infra.guardrails.guardrail import Guardrail, Violation

_PLACE = {EXTERNAL_LOCATION: "url", CATALOG: "storage_root", SCHEMA: "storage_root", VOLUME: "storage_location"}


@dataclass(frozen=True, slots=True)
class OverlappingLocations(Guardrail):
    """No two things keep data in one folder, nor one in the folder of another.

    Unity Catalog refuses most of that, but only once it is asked. `root` is the external location that the deployment
    keeps everything in, its own or its host's.
    """

    root: str

    def violations(self, resources: Sequence[DeclaredResource]) -> Iterator[Violation]:
        """Every address that is none, lies outside the root, or overlaps one declared before it."""
        places = [
            (resource, str(resource.inputs[_PLACE[resource.type_token]])) for resource in filter(_placed, resources)
        ]
        for resource, url in places:
            yield from self._misplaced(resource, url)
        # An external location holds what is managed, so the two kinds are compared apart.
        yield from _overlaps([place for place in places if place[0].type_token == EXTERNAL_LOCATION])
        yield from _overlaps([place for place in places if place[0].type_token != EXTERNAL_LOCATION])

    def _misplaced(self, resource: DeclaredResource, url: str) -> Iterator[Violation]:
        if not is_storage_url(url):
            yield Violation(resource, f"{url!r} is no address of cloud storage", "write s3://…, abfss://… or gs://…")
        elif not lies_in(url, self.root):
            yield Violation(resource, f"{url} lies outside {self.root}", "keep it under the deployment's root")


def _overlaps(places: Sequence[tuple[DeclaredResource, str]]) -> Iterator[Violation]:
    for (first, one), (second, other) in itertools.combinations(places, 2):
        if overlap(one, other):
            yield Violation(second, f"{other} overlaps {one} of {first}", "give each a folder of its own")


def _placed(resource: DeclaredResource) -> bool:
    place = resource.inputs.get(_PLACE.get(resource.type_token, ""))
    return place is not None and not is_unknown(place)
