from dataclasses import dataclass
from pathlib import Path

from platform_contract.deployment import Deployment
from platform_infra.stack_settings.errors import StackSettingsError

from platform_cli.doctor.check import Check, Finding, right, warning
from platform_cli.doctor.snowflake_settings import read_snowflake_settings


@dataclass(frozen=True, slots=True)
class CostNotices(Check):
    """Whether somebody hears of what a standing stack costs: of its warehouses, and of what no monitor knows."""

    program: Path
    deployment: Deployment

    @property
    def subject(self) -> str:
        """The notices."""
        return "cost notices"

    def examine(self) -> Finding:
        """Read the settings; whether the account has that budget only Snowflake knows."""
        try:
            settings = read_snowflake_settings(self.program, self.deployment)
        except StackSettingsError:
            return warning("not looked at", "first see to the Snowflake settings")
        if not settings.notify_users:
            return warning("the monitors tell nobody", f"set notify_users in Pulumi.{self.deployment}.yaml")
        people = ", ".join(settings.notify_users)
        if settings.account_budget is None:
            return warning(
                f"monitors tell {people}; nothing tells of serverless features, clustering and cloud services",
                f"set account_budget in Pulumi.{self.deployment}.yaml of one stack of the account",
            )
        return right(f"monitors tell {people}; the account's budget {', '.join(settings.account_budget.emails)}")
