from collections.abc import Mapping
from typing import Any

import pulumi
import pytest
from platform_infra.component import PlatformComponent

from tests.fakes.pulumi_mocks.recorder import run_program


class Shelf(PlatformComponent[str]):
    type_token = "platform:library:Shelf"  # noqa: S105 - a resource type, not a secret

    def declare(self, name: str, args: str) -> Mapping[str, Any]:
        book = pulumi.CustomResource("library:index/book:Book", name, {"name": args}, self.child(protect=True))
        return {"urn": book.urn}


def test_children_stand_below_the_component_and_are_replaced_by_deleting_first() -> None:
    recorded = run_program(lambda: _discard(Shelf("top", "Ulysses", None)), "library", "dev", {})
    (shelf,) = recorded.of_type("platform:library:Shelf")
    (book,) = recorded.of_type("Book")
    assert book.parent == shelf.urn
    assert (book.protect, book.delete_before_replace) == (True, True)
    assert recorded.component_outputs[shelf.urn] == {"urn": book.urn}


@pytest.mark.parametrize("token", ["", "library:Shelf", "platform:library:shelf"])
def test_a_component_without_a_clear_type_token_is_refused_when_it_is_defined(token: str) -> None:
    with pytest.raises(TypeError, match="write platform:<area>:<Name>"):
        type("Nameless", (PlatformComponent,), {"type_token": token, "declare": Shelf.declare})


def _discard(_: object) -> None:
    """A program returns nothing."""
