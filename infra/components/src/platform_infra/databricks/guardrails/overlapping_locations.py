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
    keeps everything in, its own or dev's.
    """

    root: str

    def violations(self, resources: Sequence[DeclaredResource]) -> Iterator[Violation]:
        """Every address that is none, lies outside the root, or overlaps one declared before it."""
        places = [(r, str(r.inputs[_PLACE[r.type_token]])) for r in resources if _has_place(r)]
        wrong = [(r, url) for r, url in places if not is_storage_url(url)]
        for resource, url in wrong:
            yield Violation(resource, f"{url!r} is no address of cloud storage", "write s3://…, abfss://… or gs://…")
        for resource, url in places:
            if (resource, url) not in wrong and not lies_in(url, self.root):
                yield Violation(resource, f"{url} lies outside {self.root}", "keep it under the deployment's root")
        locations = [(r, url) for r, url in places if r.type_token == EXTERNAL_LOCATION]
        managed = [(r, url) for r, url in places if r.type_token != EXTERNAL_LOCATION]
        for (first, one), (second, other) in itertools.chain(
            itertools.combinations(locations, 2), itertools.combinations(managed, 2)
        ):
            if overlap(one, other):
                yield Violation(second, f"{other} overlaps {one} of {first}", "give each a folder of its own")


def _has_place(resource: DeclaredResource) -> bool:
    place = resource.inputs.get(_PLACE.get(resource.type_token, ""))
    return place is not None and not is_unknown(place)
