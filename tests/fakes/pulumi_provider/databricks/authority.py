"""Which administrator each change takes, where no grant allows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tests.fakes.pulumi_provider.databricks.tokens import (
    BUDGET,
    BUDGET_POLICY,
    CATALOG,
    CLUSTER_POLICY,
    EXTERNAL_LOCATION,
    FEDERATION_POLICY,
    GROUP,
    GROUP_MEMBER,
    PERMISSION_ASSIGNMENT,
    PERMISSIONS,
    RULE_SET,
    SERVICE_PRINCIPAL,
    SERVICE_PRINCIPAL_SECRET,
    SQL_ENDPOINT,
    STORAGE_CREDENTIAL,
    WORKSPACE_BINDING,
)


class Administrator(StrEnum):
    """A kind of administrator; none of them is any other."""

    ACCOUNT = "account admin"
    METASTORE = "metastore admin"
    WORKSPACE = "workspace admin"
    BILLING = "billing admin"


@dataclass(frozen=True, slots=True)
class Operator:
    """Whose credentials the environment of the engine holds: a principal's application id, and what it administers."""

    name: str
    roles: frozenset[Administrator]


EVERY_ADMINISTRATOR = Operator("platform-operator", frozenset(Administrator))

_ACCOUNT = frozenset({Administrator.ACCOUNT})
_METASTORE = frozenset({Administrator.METASTORE})
_WORKSPACE = frozenset({Administrator.WORKSPACE})
_BILLING = frozenset({Administrator.BILLING})

# Any one of these suffices. Sources: docs.databricks.com, Admin privileges in Unity Catalog (storage credentials:
# account or metastore admin; locations, catalogs, their bindings: metastore admin), Create a SQL warehouse (workspace
# admin, or who may create clusters without a policy), Attribute usage with serverless usage policies (workspace
# admin); terraform-provider-databricks, docs/resources/cluster_policy.md ("only admin users can create, edit, and
# delete policies") and those of groups, principals, assignments and budgets (account admin).
TO_CREATE: Mapping[str, frozenset[Administrator]] = {
    BUDGET: _ACCOUNT,
    BUDGET_POLICY: _WORKSPACE | _BILLING,
    CATALOG: _METASTORE,
    CLUSTER_POLICY: _WORKSPACE,
    EXTERNAL_LOCATION: _METASTORE,
    FEDERATION_POLICY: _ACCOUNT,
    GROUP: _ACCOUNT,
    GROUP_MEMBER: _ACCOUNT,
    PERMISSION_ASSIGNMENT: _ACCOUNT,
    PERMISSIONS: _WORKSPACE,
    SERVICE_PRINCIPAL: _ACCOUNT,
    SERVICE_PRINCIPAL_SECRET: _ACCOUNT,
    SQL_ENDPOINT: _WORKSPACE,
    STORAGE_CREDENTIAL: _METASTORE | _ACCOUNT,
    WORKSPACE_BINDING: _METASTORE,
}

# Who made a budget policy is its manager only until a rule set says who is, for that says all of it
# (docs/resources/access_control_rule_set.md); from then on it takes a billing admin.
TO_CHANGE: Mapping[str, frozenset[Administrator]] = {**TO_CREATE, BUDGET_POLICY: _BILLING, RULE_SET: _BILLING}
