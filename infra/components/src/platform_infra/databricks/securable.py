from dataclasses import dataclass
from enum import StrEnum


class SecurableKind(StrEnum):
    """A kind of object that privileges of Unity Catalog are granted on; the value is the input of a grant."""

    METASTORE = "metastore"
    EXTERNAL_LOCATION = "external_location"
    CATALOG = "catalog"
    SCHEMA = "schema"
    VOLUME = "volume"


@dataclass(frozen=True, slots=True, order=True)
class Securable:
    """One object of Unity Catalog by kind and full name (`platform_dev.ops.landing`)."""

    kind: SecurableKind
    name: str

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
