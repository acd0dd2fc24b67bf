from collections.abc import Iterator

from tests.fakes.pulumi_provider.databricks.account import ApiSession
from tests.fakes.pulumi_provider.databricks.databricks_kind import UnityKind
from tests.fakes.pulumi_provider.databricks.privileges import PRIVILEGES, require_privileges
from tests.fakes.pulumi_provider.databricks.tokens import (
    CATALOG,
    EXTERNAL_LOCATION,
    GRANTS,
    SCHEMA,
    STORAGE_CREDENTIAL,
    VOLUME,
)
from tests.fakes.pulumi_provider.inventory import CloudObject
from tests.fakes.pulumi_provider.property_values import Properties
from tests.fakes.pulumi_provider.refusal import Refusal

_TOKENS = {
    "catalog": CATALOG,
    "externalLocation": EXTERNAL_LOCATION,
    "schema": SCHEMA,
    "storageCredential": STORAGE_CREDENTIAL,
    "volume": VOLUME,
}


class Grants(UnityKind):
    """All grants of one securable at once: a second resource for the same securable overwrites the first."""

    token = GRANTS
    overwrites = True
    unordered = frozenset({"grants"})

    def refusals(self, inputs: Properties) -> Iterator[Refusal]:
        # Two securables in one resource pass, as they do through the real provider: the first one counts.
        if not any(inputs.get(kind) for kind in PRIVILEGES):
            yield Refusal("grants", f"at least one of {', '.join(sorted(PRIVILEGES))} is wanted, got none")

    def canonical(self, inputs: Properties) -> Properties:
        ordered = [{**grant, "privileges": sorted(grant["privileges"])} for grant in inputs["grants"]]
        return {**inputs, "grants": sorted(ordered, key=lambda grant: grant["principal"])}

    def same(self, name: str, desired: object, actual: object) -> bool:
        if name == "grants" and isinstance(desired, list):
            return super().same(name, self.canonical({"grants": desired})["grants"], actual)
        return super().same(name, desired, actual)

    def identity(self, inputs: Properties) -> str:
        kind, name = _securable(inputs)
        return f"{kind}/{name}"

    def admit(self, session: ApiSession, inputs: Properties) -> None:
        super().admit(session, inputs)
        kind, name = _securable(inputs)
        if kind in {"catalog", "schema", "volume"}:
            self.account.require_catalog(session, name.split(".")[0])
        if kind in _TOKENS:
            self.account.require(_TOKENS[kind], name)
        for grant in inputs["grants"]:
            require_privileges(kind, grant["privileges"])
            self.account.require_principal(grant["principal"])

    def admit_change(self, session: ApiSession, found: CloudObject, inputs: Properties) -> None:
        self.admit(session, inputs)

    def exists(self, found: CloudObject) -> bool:
        kind, name = _securable(found.attributes)
        return kind not in _TOKENS or self.account.find(_TOKENS[kind], name) is not None


def _securable(inputs: Properties) -> tuple[str, str]:
    kind = next(kind for kind in PRIVILEGES if inputs.get(kind))
    name = inputs[kind]
    return kind, name.lower() if kind in {"catalog", "schema", "table", "volume"} else name
