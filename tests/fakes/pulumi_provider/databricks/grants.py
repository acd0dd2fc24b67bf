from collections.abc import Iterator, Mapping
from typing import Any

from tests.fakes.pulumi_provider.databricks.account import ApiSession, Securable
from tests.fakes.pulumi_provider.databricks.databricks_kind import UnityKind
from tests.fakes.pulumi_provider.databricks.privileges import PRIVILEGES, require_privileges
from tests.fakes.pulumi_provider.databricks.tokens import (
    CATALOG,
    EXTERNAL_LOCATION,
    GRANT,
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
_IN_CATALOG = frozenset({"catalog", "schema", "table", "volume"})


class OnSecurable(UnityKind):
    """Privileges on one securable, held in its list in the account."""

    # The same securable again is no conflict for the API: whoever comes last wins.
    overwrites = True

    def refusals(self, inputs: Properties) -> Iterator[Refusal]:
        # Two securables in one resource pass, as they do through the real provider: the first one counts.
        if not any(inputs.get(kind) for kind in PRIVILEGES):
            yield Refusal("catalog", f"one of {', '.join(sorted(PRIVILEGES))} is wanted, got none")

    def require_grantable(self, session: ApiSession, securable: Securable, held: Mapping[str, list[str]]) -> None:
        """Raise CloudError where the securable, a principal or a privilege does not exist."""
        kind, name = securable
        if kind in _IN_CATALOG:
            self.account.require_catalog(session, name.split(".")[0])
        if kind in _TOKENS:
            self.account.require(_TOKENS[kind], name)
            self.account.require_bound(session, _as_in_ids(securable)[0], name)
        for principal, privileges in held.items():
            require_privileges(kind, privileges)
            self.account.require_principal(principal)

    def exists(self, found: CloudObject) -> bool:
        kind, name = securable = securable_of(found.attributes)
        known = kind not in _TOKENS or self.account.find(_TOKENS[kind], name) is not None
        return known and self.account.has_securable(securable)


class Grants(OnSecurable):
    """The whole list of one securable: what it does not name is taken away."""

    token = GRANTS
    unordered = frozenset({"grants"})

    def canonical(self, inputs: Properties) -> Properties:
        return {**inputs, "grants": _as_grants(_held(inputs["grants"]))}

    def same(self, name: str, desired: Any, actual: Any) -> bool:
        if name == "grants" and isinstance(desired, list) and isinstance(actual, list):
            return _held(desired) == _held(actual)
        return super().same(name, desired, actual)

    def identity(self, inputs: Properties) -> str:
        return "/".join(_as_in_ids(securable_of(inputs)))

    def admit(self, session: ApiSession, inputs: Properties) -> None:
        super().admit(session, inputs)
        self.require_grantable(session, securable_of(inputs), _held(inputs["grants"]))

    def admit_change(self, session: ApiSession, found: CloudObject, inputs: Properties) -> None:
        self.admit(session, inputs)

    def make(self, made: CloudObject, session: ApiSession) -> None:
        self.account.privileges[securable_of(made.attributes)] = _held(made.attributes["grants"])

    def changed(self, found: CloudObject, inputs: Properties) -> Properties:
        self.account.privileges[securable_of(found.attributes)] = _held(inputs["grants"])
        return super().changed(found, inputs)

    def observed(self, found: CloudObject) -> Properties:
        return {"grants": _as_grants(self.account.privileges.get(securable_of(found.attributes), {}))}

    def unmake(self, gone: CloudObject) -> None:
        self.account.privileges.pop(securable_of(gone.attributes), None)


class Grant(OnSecurable):
    """One principal's privileges on a securable; those of others stay."""

    token = GRANT
    unordered = frozenset({"privileges"})

    def identity(self, inputs: Properties) -> str:
        return "/".join((*_as_in_ids(securable_of(inputs)), inputs["principal"]))

    def admit(self, session: ApiSession, inputs: Properties) -> None:
        super().admit(session, inputs)
        self.require_grantable(session, securable_of(inputs), {inputs["principal"]: inputs["privileges"]})

    def make(self, made: CloudObject, session: ApiSession) -> None:
        self._list(made.attributes)[made.attributes["principal"]] = sorted(made.attributes["privileges"])

    def changed(self, found: CloudObject, inputs: Properties) -> Properties:
        self._list(inputs)[inputs["principal"]] = sorted(inputs["privileges"])
        return super().changed(found, inputs)

    def observed(self, found: CloudObject) -> Properties:
        return {"privileges": self._list(found.attributes).get(found.attributes["principal"], [])}

    def unmake(self, gone: CloudObject) -> None:
        self._list(gone.attributes).pop(gone.attributes["principal"], None)

    def exists(self, found: CloudObject) -> bool:
        return super().exists(found) and found.attributes["principal"] in self._list(found.attributes)

    def _list(self, inputs: Properties) -> dict[str, list[str]]:
        return self.account.privileges.setdefault(securable_of(inputs), {})


def securable_of(inputs: Properties) -> Securable:
    """What is granted on: its kind, and its name as Unity Catalog keeps it."""
    kind = next(kind for kind in PRIVILEGES if inputs.get(kind))
    name = inputs[kind]
    return kind, name.lower() if kind in _IN_CATALOG else name


def _as_in_ids(securable: Securable) -> Securable:
    """Ids spell a kind as Terraform does."""
    kind, name = securable
    return {"externalLocation": "external_location", "storageCredential": "storage_credential"}.get(kind, kind), name


def _held(grants: list[Properties]) -> dict[str, list[str]]:
    return {grant["principal"]: sorted(grant["privileges"]) for grant in grants}


def _as_grants(held: Mapping[str, list[str]]) -> list[Properties]:
    return [{"principal": principal, "privileges": held[principal]} for principal in sorted(held)]
