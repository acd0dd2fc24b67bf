import base64
import binascii
from collections.abc import Iterator
from typing import ClassVar

from tests.fakes.pulumi_provider.input_rules import exactly_one, one_of
from tests.fakes.pulumi_provider.inventory import CloudObject
from tests.fakes.pulumi_provider.property_values import Properties
from tests.fakes.pulumi_provider.refusal import CloudError, Refusal
from tests.fakes.pulumi_provider.snowflake.authority import RoleSession
from tests.fakes.pulumi_provider.snowflake.experimental_features import WORKLOAD_IDENTITY
from tests.fakes.pulumi_provider.snowflake.snowflake_kind import TRUE_OR_FALSE, SnowflakeKind
from tests.fakes.pulumi_provider.snowflake.tokens import NETWORK_POLICY, SERVICE_USER

_KEY_SLOTS = ("rsaPublicKey", "rsaPublicKey2")
# A DER-encoded public key of 2048 bits, the least that Snowflake takes, is 294 bytes long and starts a SEQUENCE.
_SHORTEST_KEY = 294
_DER_SEQUENCE = 0x30


class ServiceUser(SnowflakeKind):
    """A user that is a machine: it has no password; its default role and warehouse are not looked up.

    The provider takes an identity only with its experimental feature, which it looks at when it makes or changes a user
    and not before (terraform-provider-snowflake, acceptance test resource_legacy_service_user_wif: "the validation
    happens during resource operations"), and does not read it back (`service_user.py` in pulumi_snowflake 2.22: "The
    provider will not get WIF information from Snowflake").
    """

    token = SERVICE_USER
    unread = frozenset({"defaultWorkloadIdentity"})
    computed = ("fullyQualifiedName",)
    defaults: ClassVar[Properties] = {"comment": "", "networkPolicy": "", "rsaPublicKey": "", "rsaPublicKey2": ""}
    caseless = frozenset({"defaultSecondaryRolesOption", "disabled"})

    def refusals(self, inputs: Properties) -> Iterator[Refusal]:
        yield from one_of(
            inputs,
            {"defaultSecondaryRolesOption": frozenset({"DEFAULT", "NONE", "ALL"}), "disabled": TRUE_OR_FALSE},
        )
        identity = inputs.get("defaultWorkloadIdentity")
        if isinstance(identity, dict):
            yield from exactly_one(identity, ("aws", "azure", "gcp", "oidc"), "defaultWorkloadIdentity")

    def admit(self, session: RoleSession, inputs: Properties) -> None:
        self.require_privilege(session, "CREATE USER")
        self._require_legal(session, inputs)

    def admit_change(self, session: RoleSession, found: CloudObject, inputs: Properties) -> None:
        super().admit_change(session, found, inputs)
        self._require_legal(session, inputs)

    def is_shown(self, session: RoleSession, found: CloudObject) -> bool:
        # SHOW USERS takes OWNERSHIP of the user or CREATE USER (behaviour change 975); MONITOR USER "grants the ability
        # to view users and all their properties".
        by_account = any(self.account.holds(session.role, one) for one in ("CREATE USER", "MONITOR USER"))
        return by_account or self.is_shown_to_owner(session, found)

    def _require_legal(self, session: RoleSession, inputs: Properties) -> None:
        if inputs.get("defaultWorkloadIdentity") and WORKLOAD_IDENTITY not in session.features:
            raise CloudError(
                f"to use `default_workload_identity`, you need to first specify the `{WORKLOAD_IDENTITY}` feature in "
                "the `experimental_features_enabled` field at the provider level"
            )
        for slot in _KEY_SLOTS:
            if inputs.get(slot) and not _is_public_key(inputs[slot]):
                raise CloudError(f"user {inputs['name']}: new public key rejected: {slot} is no RSA key of 2048 bits")
        if inputs.get("networkPolicy"):
            # Since bundle "non-existing network policy" the creator must own the policy or inherit from its owner.
            self.require_owner(session, self.account.require(NETWORK_POLICY, inputs["networkPolicy"]))


def _is_public_key(text: str) -> bool:
    try:
        key = base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error:
        return False
    return len(key) >= _SHORTEST_KEY and key[0] == _DER_SEQUENCE
