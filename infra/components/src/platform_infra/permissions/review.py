from collections.abc import Iterable
from dataclasses import dataclass

from platform_infra.permissions.access_graph import AccessGraph
from platform_infra.permissions.proof import is_roll_up
from platform_infra.permissions.right import Grant, JustifiedRight, Reason

_GROUPS = frozenset({"ROLE", "GROUP"})


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """Privileges that somebody has on one object for the same reasons; no reason at all is an excess."""

    privileges: tuple[str, ...]
    on: str
    name: str
    reasons: tuple[Reason, ...]
    stack: str


@dataclass(frozen=True, slots=True)
class ReviewSection:
    """All that one holder is given itself; what it has through a role or group stands under that one."""

    holder: str
    rows: tuple[ReviewRow, ...]


def review(graph: AccessGraph, stack: str, justified: Iterable[JustifiedRight]) -> list[ReviewSection]:
    """Who may do what where, and why: everybody whom a stack gives anything, and whoever's rights they thereby have.

    Args:
        graph: the grants of the stack and of the standing ones beside it.
        stack: the one under review.
        justified: the needs and extras of its deployment.
    """
    reasons: dict[str, list[Reason]] = {}
    for row in justified:
        reasons.setdefault(str(row.right), []).append(row.reason)
    return [_section(graph, holder, reasons) for holder in _holders(graph, stack)]


def _holders(graph: AccessGraph, stack: str) -> list[str]:
    """Those of the stack, then those they reach in another one, each with something to its name."""
    own = sorted({g.right.holder for g in graph.grants if g.stack == stack and not is_roll_up(g.right)})
    reached = sorted({name for holder in own for found in graph.effective(holder) for name in found.through})
    return [holder for holder in dict.fromkeys((*own, *reached)) if holder in graph.holders]


def _section(graph: AccessGraph, holder: str, reasons: dict[str, list[Reason]]) -> ReviewSection:
    rows: dict[tuple[str, str, tuple[Reason, ...], str], list[str]] = {}
    for grant in graph.of(holder):
        key = (grant.right.on, grant.right.name, _why(grant, reasons), grant.stack)
        rows.setdefault(key, []).append(grant.right.privilege)
    ordered = sorted(rows.items(), key=lambda row: (row[0][0] not in _GROUPS, row[0][0], row[0][1]))
    return ReviewSection(
        holder,
        tuple(ReviewRow(tuple(sorted(set(held))), on, name, why, given) for (on, name, why, given), held in ordered),
    )


def _why(grant: Grant, reasons: dict[str, list[Reason]]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reasons.get(str(grant.right), [])))
