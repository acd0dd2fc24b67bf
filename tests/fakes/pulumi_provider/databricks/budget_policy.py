import re
from collections.abc import Iterator

from tests.fakes.pulumi_provider.databricks.account import ApiSession, Level
from tests.fakes.pulumi_provider.databricks.databricks_kind import DatabricksKind
from tests.fakes.pulumi_provider.databricks.tokens import BUDGET_POLICY, GROUP, RULE_SET, SERVICE_PRINCIPAL
from tests.fakes.pulumi_provider.inventory import CloudObject
from tests.fakes.pulumi_provider.property_values import Properties
from tests.fakes.pulumi_provider.refusal import CloudError

_MOST_TAGS = 20
_RESERVED_TAGS = frozenset({"budget-policy-name", "budget-policy-id", "budget-policy-resolution-result"})
_RESERVED_NAME = "databricks:default-policy"
_ROLES = frozenset({"roles/budgetPolicy.manager", "roles/budgetPolicy.user"})
_ON_A_POLICY = re.compile(r"accounts/(?P<account>[^/]+)/budgetPolicies/(?P<policy>[^/]+)/ruleSets/default")


class BudgetPolicy(DatabricksKind):
    """The tags that serverless jobs carry; an API of the account.

    Legal names and tags: docs/resources/budget_policy.md of terraform-provider-databricks.
    """

    token = BUDGET_POLICY
    computed = ("policyId",)
    unordered = frozenset({"bindingWorkspaceIds", "customTags"})

    def identity(self, inputs: Properties) -> str:
        return f"budget-policy-{self.account.number()}"

    def admit(self, session: ApiSession, inputs: Properties) -> None:
        self.require_level(session, Level.ACCOUNT)
        self.require_unique(inputs, "policyName", None)
        self._require_legal(inputs)

    def admit_change(self, session: ApiSession, found: CloudObject, inputs: Properties) -> None:
        self.require_level(session, Level.ACCOUNT)
        self.require_unique(inputs, "policyName", found)
        self._require_legal(inputs)

    def make(self, made: CloudObject, session: ApiSession) -> None:
        made.attributes["policyId"] = made.id

    def _require_legal(self, inputs: Properties) -> None:
        refused = next(_illegal(inputs), None)
        strange = set(map(str, inputs.get("bindingWorkspaceIds", ()))) - set(self.account.workspaces.values())
        if refused is not None:
            raise CloudError(f"budget policy '{inputs.get('policyName')}': {refused}")
        if strange:
            raise CloudError(f"workspace {', '.join(sorted(strange))} does not exist")


class RuleSet(DatabricksKind):
    """Who has which role on an object of the account, all of it at once: what it does not name is taken away.

    Of the objects that can have one the fake knows budget policies. Names, roles and principals:
    docs/resources/access_control_rule_set.md of terraform-provider-databricks.
    """

    token = RULE_SET
    overwrites = True
    unordered = frozenset({"grantRules"})

    def identity(self, inputs: Properties) -> str:
        return inputs["name"]

    def admit(self, session: ApiSession, inputs: Properties) -> None:
        self.require_level(session, Level.ACCOUNT)
        named = _ON_A_POLICY.fullmatch(inputs["name"])
        if named is None or named["account"] != session.account_id:
            raise CloudError(f"'{inputs['name']}' names no rule set of a budget policy in account {session.account_id}")
        self.account.require(BUDGET_POLICY, named["policy"])
        for rule in inputs.get("grantRules", ()):
            self._require_rule(rule)

    def exists(self, found: CloudObject) -> bool:
        named = _ON_A_POLICY.fullmatch(found.id)
        return named is not None and self.account.find(BUDGET_POLICY, named["policy"]) is not None

    def _require_rule(self, rule: Properties) -> None:
        if rule["role"] not in _ROLES:
            raise CloudError(
                f"role {rule['role']} is not supported on a budget policy: {', '.join(sorted(_ROLES))} are"
            )
        strangers = set(rule.get("principals", ())) - self._principals()
        if strangers:
            raise CloudError(f"the account has no {', '.join(sorted(strangers))}")

    def _principals(self) -> set[str]:
        of_account = [one for one in self.account.of(GROUP, SERVICE_PRINCIPAL) if one.owner == Level.ACCOUNT]
        return {one.attributes["aclPrincipalId"] for one in of_account}


def _illegal(inputs: Properties) -> Iterator[str]:
    name, tags = str(inputs.get("policyName", "")), inputs.get("customTags", ())
    keys = [tag["key"] for tag in tags]
    if not name or name.startswith(_RESERVED_NAME) or not _is_latin1(name):
        yield f"its name is empty, reserved ({_RESERVED_NAME}…) or not of ISO 8859-1"
    if len(keys) > _MOST_TAGS or len(keys) != len(set(keys)) or _RESERVED_TAGS & set(keys):
        yield f"at most {_MOST_TAGS} tags, each key once, and none of {', '.join(sorted(_RESERVED_TAGS))}"


def _is_latin1(name: str) -> bool:
    return all(ord(letter) < 256 for letter in name)
