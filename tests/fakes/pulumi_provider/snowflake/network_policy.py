import ipaddress
from typing import ClassVar

from tests.fakes.pulumi_provider.inventory import CloudObject
from tests.fakes.pulumi_provider.property_values import Properties
from tests.fakes.pulumi_provider.refusal import CloudError
from tests.fakes.pulumi_provider.snowflake.authority import RoleSession
from tests.fakes.pulumi_provider.snowflake.identifiers import requote
from tests.fakes.pulumi_provider.snowflake.snowflake_kind import SnowflakeKind
from tests.fakes.pulumi_provider.snowflake.tokens import NETWORK_POLICY, SERVICE_USER


class NetworkPolicy(SnowflakeKind):
    """The addresses that users may come from; it cannot go while a user has it."""

    token = NETWORK_POLICY
    computed = ("fullyQualifiedName",)
    defaults: ClassVar[Properties] = {"comment": ""}
    unordered = frozenset({"allowedIpLists", "blockedIpLists", "allowedNetworkRuleLists", "blockedNetworkRuleLists"})

    def admit(self, session: RoleSession, inputs: Properties) -> None:
        self.require_privilege(session, "CREATE NETWORK POLICY")
        _require_addresses(inputs)

    def admit_change(self, session: RoleSession, found: CloudObject, inputs: Properties) -> None:
        super().admit_change(session, found, inputs)
        _require_addresses(inputs)

    def is_shown(self, session: RoleSession, found: CloudObject) -> bool:
        # DESCRIBE NETWORK POLICY is its owner's; USAGE "grants the ability to apply" it.
        return self.is_shown_to_owner(session, found)

    def admit_delete(self, session: RoleSession, found: CloudObject) -> None:
        super().admit_delete(session, found)
        for user in self.account.of(SERVICE_USER):
            attached = user.attributes["networkPolicy"]
            if attached and requote(attached) == found.id:
                raise CloudError(f"cannot drop network policy {found.id}: user {user.id} has it")


def _require_addresses(inputs: Properties) -> None:
    for address in [*inputs.get("allowedIpLists", ()), *inputs.get("blockedIpLists", ())]:
        try:
            ipaddress.IPv4Network(address, strict=False)
        except ValueError:
            raise CloudError(f"network policy {inputs['name']}: {address!r} is not an IPv4 range") from None
