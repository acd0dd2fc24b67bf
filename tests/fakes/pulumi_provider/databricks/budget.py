from tests.fakes.pulumi_provider.databricks.account import ApiSession, Level
from tests.fakes.pulumi_provider.databricks.databricks_kind import DatabricksKind
from tests.fakes.pulumi_provider.databricks.tokens import BUDGET
from tests.fakes.pulumi_provider.property_values import Properties


class Budget(DatabricksKind):
    """Who is told when spending passes a limit; an API of the account."""

    token = BUDGET
    computed = ("accountId", "budgetConfigurationId", "createTime", "updateTime")

    def identity(self, inputs: Properties) -> str:
        return f"account|budget-{self.account.number()}"

    def outputs(self, inputs: Properties, session: ApiSession) -> Properties:
        return {"accountId": "account", "budgetConfigurationId": "budget", "createTime": 1, "updateTime": 1}

    def admit(self, session: ApiSession, inputs: Properties) -> None:
        self.require_level(session, Level.ACCOUNT)
