from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import yaml
from platform_contract.errors import ContractError
from pydantic import Field, TypeAdapter, ValidationError

from platform_infra.recording.recorder import RecordedResource

Text = Annotated[str, Field(min_length=1)]
type _Stated = dict[str, Text | int | None]


@dataclass(frozen=True, slots=True)
class KnownIds:
    """What a person knows of objects in the cloud: `<Kind> <logical name>` → id, or None for one that is not there.

    The application id of a service principal is told as `ServicePrincipal <logical name> application`.
    """

    stated: dict[str, str | None]

    @staticmethod
    def key(resource: RecordedResource) -> str:
        """What a resource is called here."""
        return f"{resource.kind} {resource.name}"

    def says_absent(self, resource: RecordedResource) -> bool:
        """Whether the object is said not to be there."""
        key = self.key(resource)
        return key in self.stated and self.stated[key] is None

    def id_of(self, resource: RecordedResource) -> str | None:
        """The id of the object, if it is told."""
        return self.stated.get(self.key(resource))

    def application_of(self, resource: RecordedResource) -> str | None:
        """The application id of a service principal, if it is told."""
        return self.stated.get(f"{self.key(resource)} application")


def read_known_ids(file: Path | None) -> KnownIds:
    """The ids that a person has written down as YAML; none without a file.

    Raises:
        ContractError: for a file that holds something else.
    """
    if file is None:
        return KnownIds({})
    try:
        content = yaml.safe_load(file.read_text(encoding="utf-8")) or {}
        stated = TypeAdapter(_Stated).validate_python(content)
    except (yaml.YAMLError, ValidationError) as error:
        raise ContractError(
            f"{file}: write a line for each object, `<Kind> <logical name>: <id>`, null if it is not there ({error})"
        ) from None
    return KnownIds({key: None if value is None else str(value) for key, value in stated.items()})


def refuse_strangers(known: KnownIds, resources: list[RecordedResource]) -> None:
    """Refuse an id of something that no program declares, which nothing would read.

    Raises:
        ContractError: naming each.
    """
    declared = {known.key(resource) for resource in resources}
    strange = [key for key in known.stated if key.removesuffix(" application") not in declared]
    if strange:
        raise ContractError(f"ids are given for what this stack does not declare: {', '.join(strange)}")
