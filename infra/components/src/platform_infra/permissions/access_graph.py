from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from platform_infra.permissions.right import MEMBERSHIP, OWNERSHIP, Grant, Right

_CREATES = {"CREATE TABLE": "TABLE", "CREATE VIEW": "VIEW", "CREATE_TABLE": "TABLE"}
_MEMBER_OF = frozenset({"ROLE", "GROUP"})


@dataclass(frozen=True, slots=True)
class EffectiveRight:
    """A right that somebody has in effect, and the roles or groups it comes through, nearest first."""

    grant: Grant
    through: tuple[str, ...]

    @property
    def right(self) -> Right:
        """The right itself, its holder the one who has it in effect."""
        return self.grant.right


class AccessGraph:
    """All that the stacks of an account grant, and what follows from it."""

    def __init__(self, grants: Iterable[Grant]) -> None:
        self.grants = tuple(grants)
        self._by_holder: dict[str, list[Grant]] = {}
        for grant in self.grants:
            self._by_holder.setdefault(grant.right.holder, []).append(grant)

    @property
    def holders(self) -> list[str]:
        """Everybody who is granted anything."""
        return sorted(self._by_holder)

    def of(self, holder: str) -> list[Grant]:
        """What a holder is given itself."""
        return self._by_holder.get(holder, [])

    def effective(self, holder: str) -> list[EffectiveRight]:
        """All that a holder can do: by its own grants, by what it is a member of or owns, and with what it creates."""
        return [with_created for found in self._reachable(holder) for with_created in _with_created(found)]

    def has(self, right: Right) -> bool:
        """Whether the holder has the right in effect; who owns an object may do anything with it."""
        return any(_covers(found.right, right) for found in self.effective(right.holder))

    def _reachable(self, holder: str) -> Iterator[EffectiveRight]:
        waiting: list[tuple[str, tuple[str, ...]]] = [(holder, ())]
        seen = {holder}
        while waiting:
            member, through = waiting.pop(0)
            for grant in self.of(member):
                yield EffectiveRight(replace(grant, right=replace(grant.right, holder=holder)), through)
                if _is_membership(grant.right) and grant.right.name not in seen:
                    seen.add(grant.right.name)
                    waiting.append((grant.right.name, (*through, grant.right.name)))


def _is_membership(right: Right) -> bool:
    """Who owns a role may grant it to anybody, to itself first of all."""
    return right.on in _MEMBER_OF and right.privilege in (MEMBERSHIP, OWNERSHIP)


def _with_created(found: EffectiveRight) -> Iterator[EffectiveRight]:
    yield found
    right = found.right
    if right.privilege in _CREATES:
        created = Right(right.holder, OWNERSHIP, _CREATES[right.privilege], f"{right.name}.*")
        yield EffectiveRight(
            Grant(created, found.grant.stack, f"whatever it makes, by {right.privilege}"), found.through
        )


def _covers(had: Right, wanted: Right) -> bool:
    if had == wanted:
        return True
    if had.privilege != OWNERSHIP or had.name.endswith(".*"):
        # What somebody makes is its own; of what others make beside it, it owns nothing.
        return False
    if (had.on, had.name) == (wanted.on, wanted.name):
        return True
    # Unity Catalog lets a catalog's owner do anything in it; the owner of a Snowflake database sees no row.
    return had.on == "CATALOG" and wanted.name.startswith(f"{had.name}.")
