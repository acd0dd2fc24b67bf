from collections.abc import Iterable
from dataclasses import dataclass

from platform_infra.permissions.access_graph import AccessGraph
from platform_infra.permissions.right import MEMBERSHIP, Grant, JustifiedRight, Right

ROLL_UP = "SYSADMIN"


@dataclass(frozen=True, slots=True)
class Proof:
    """What a deployment lacks, and what it gives that nothing justifies. Both empty: grants and needs are one."""

    missing: tuple[JustifiedRight, ...]
    excess: tuple[Grant, ...]

    @property
    def holds(self) -> bool:
        """Whether every need is met, and every grant needed or declared."""
        return not self.missing and not self.excess


def prove(graph: AccessGraph, stack: str, justified: Iterable[JustifiedRight]) -> Proof:
    """Hold what the stacks give against what is needed and declared, in both directions.

    A grant to a system role or to PUBLIC is always in excess, for a row names one only for what it applies; so is one
    that comes through a database role which nobody holds.

    Args:
        graph: the grants of the stack and of the standing ones that it lives beside.
        stack: whose grants and needs are looked at.
        justified: the needs and extras of that deployment.
    """
    rows = list(justified)
    wanted = {row.right for row in rows}
    given = [grant for grant in graph.grants if grant.stack == stack]
    missing = [row for row in rows if not graph.has(row.right)]
    excess = [grant for grant in given if grant.right not in wanted and not is_roll_up(grant.right)]
    return Proof(tuple(dict.fromkeys(missing)), tuple(dict.fromkeys(excess)))


def is_roll_up(right: Right) -> bool:
    """Every role hangs below the role that administers it, or nobody could; that role alone may be above it."""
    return right.holder == ROLL_UP and right.privilege == MEMBERSHIP and right.on == "ROLE"
