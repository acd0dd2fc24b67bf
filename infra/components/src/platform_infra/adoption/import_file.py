from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from platform_contract.errors import ContractError

from platform_infra.adoption.known_ids import KnownIds
from platform_infra.recording.recorder import RecordedResource

type Entry = Mapping[str, Any]
_PROVIDER = "pulumi:providers:"


@dataclass(frozen=True, slots=True)
class Adoption:
    """An import file, what of the plan it takes over, and what it leaves out for want of an id or of the object."""

    content: dict[str, Any]
    adopted: tuple[str, ...]
    without_id: tuple[str, ...]
    absent: tuple[str, ...]


def adoption(
    planned: Sequence[Entry],
    resources: Sequence[RecordedResource],
    id_of: Callable[[RecordedResource], str | None],
    known: KnownIds,
) -> Adoption:
    """Give every object that a preview would make the id of the one that exists.

    Args:
        planned: the entries of the file that `pulumi preview --import-file` writes: what is not in the state yet.
        resources: what the program declares.
        id_of: the id by which a provider imports an object, None if nobody knows it.
        known: what is told of the objects.

    Raises:
        ContractError: when a planned object is none that the program declares.
    """
    declared = {(resource.type_token, resource.name): resource for resource in resources}
    entries: list[Entry] = []
    adopted, without_id, absent = [], [], []
    for entry in planned:
        if _is_structure(entry):
            entries.append(entry)
            continue
        resource = _declared(declared, entry)
        object_id = id_of(resource)
        if known.says_absent(resource):
            absent.append(known.key(resource))
        elif object_id is None:
            without_id.append(known.key(resource))
        else:
            entries.append({**entry, "id": object_id})
            adopted.append(known.key(resource))
    return Adoption({"resources": entries}, tuple(adopted), tuple(without_id), tuple(absent))


def _is_structure(entry: Entry) -> bool:
    """A component or a provider: it is in no cloud, and has to be in the state for what hangs on it."""
    return bool(entry.get("component")) or entry["type"].startswith(_PROVIDER)


def _declared(declared: Mapping[tuple[str, str], RecordedResource], entry: Entry) -> RecordedResource:
    # Where two entries would have one name, the file calls them by another and adds the logical one.
    name = entry.get("logicalName", entry["name"])
    if (entry["type"], name) not in declared:
        raise ContractError(
            f"the preview plans {entry['type']} {name}, which the program did not declare when recorded"
        )
    return declared[entry["type"], name]
