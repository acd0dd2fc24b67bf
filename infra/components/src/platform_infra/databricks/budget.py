from collections.abc import Mapping
from typing import Any

import pulumi_databricks as databricks

from platform_infra.databricks.arguments import BudgetArgs
from platform_infra.databricks.databricks_component import DatabricksComponent


class Budget(DatabricksComponent[BudgetArgs]):
    """What a deployment may spend in a month before somebody is told. It tells; it stops nothing."""

    type_token = "platform:databricks:Budget"  # noqa: S105 - a resource type, not a secret

    budget: databricks.Budget

    def declare(self, name: str, args: BudgetArgs) -> Mapping[str, Any]:
        """Watch the spending that carries the deployment's tag."""
        self.budget = databricks.Budget(
            name,
            display_name=args.name,
            filter={"tags": [{"key": "deployment", "value": {"operator": "IN", "values": [args.deployment]}}]},
            alert_configurations=[
                {
                    "time_period": "MONTH",
                    "trigger_type": "CUMULATIVE_SPENDING_EXCEEDED",
                    "quantity_type": "LIST_PRICE_DOLLARS_USD",
                    "quantity_threshold": str(args.settings.monthly_usd),
                    "action_configurations": [
                        {"action_type": "EMAIL_NOTIFICATION", "target": email} for email in args.settings.alert_emails
                    ],
                }
            ],
            opts=self.in_account(),
        )
        return {"name": self.budget.display_name}
