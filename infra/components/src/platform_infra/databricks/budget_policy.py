from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_databricks as databricks

from platform_infra.databricks.arguments import BudgetPolicyArgs
from platform_infra.databricks.compute_rights import USES_BUDGET_POLICY
from platform_infra.databricks.databricks_component import DatabricksComponent
from platform_infra.databricks.grantees import Grantees
from platform_infra.databricks.providers import Providers


class BudgetPolicy(DatabricksComponent[BudgetPolicyArgs]):
    """The tags of serverless jobs, and who may run jobs under them: a budget sees by tags, and these have no cluster.

    Whoever may use one policy alone runs under it without naming it, too.
    """

    type_token = "platform:databricks:BudgetPolicy"  # noqa: S105 - a resource type, not a secret

    policy: databricks.BudgetPolicy
    users: databricks.AccessControlRuleSet

    def __init__(
        self,
        name: str,
        args: BudgetPolicyArgs,
        grantees: Grantees,
        providers: Providers,
        parent: pulumi.Resource | None,
    ) -> None:
        self._grantees = grantees
        super().__init__(name, args, providers, parent)

    def declare(self, name: str, args: BudgetPolicyArgs) -> Mapping[str, Any]:
        """Make the policy, then say who may use it."""
        self.policy = databricks.BudgetPolicy(
            name,
            policy_name=args.name,
            custom_tags=[{"key": key, "value": value} for key, value in args.tags.items()],
            binding_workspace_ids=[args.workspace_id],
            opts=self.in_account(),
        )
        self.users = databricks.AccessControlRuleSet(
            name,
            name=self.policy.policy_id.apply(lambda made: rule_set_name(args, made)),
            grant_rules=[
                {"role": USES_BUDGET_POLICY, "principals": [self._grantees.rule_principal(u) for u in args.users]}
            ],
            opts=self.in_account(depends_on=self._grantees.made),
        )
        return {"name": self.policy.policy_name, "id": self.policy.policy_id}


def rule_set_name(args: BudgetPolicyArgs, policy_id: str) -> str:
    """What the account calls the list of who may use a policy."""
    return f"accounts/{args.account_id}/budgetPolicies/{policy_id}/ruleSets/default"
