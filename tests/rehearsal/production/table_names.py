"""What the compared tables are called, whichever store they are in, and where the domains have them."""

from platform_contract.domain import Engine, Place
from platform_contract.domains import places_on
from platform_contract.layer import Layer

PATTERN_WAREHOUSES = ("elt_pipeline", "etl_pipeline")
LAKEHOUSE_PATTERN = "lakehouse_pipeline"
OBJECTS = "composable_resources"


def places(engine: Engine, layer: Layer) -> list[Place]:
    """Where the domains on an engine have that layer."""
    return [place for place in places_on(engine) if place.layer is layer]
