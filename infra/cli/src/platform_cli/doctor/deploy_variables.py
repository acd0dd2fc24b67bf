import os
from dataclasses import dataclass

from platform_cli.doctor.check import Check, Finding, problem, right

type Alternatives = tuple[tuple[str, ...], ...]

PULUMI_SNOWFLAKE: tuple[Alternatives, ...] = (
    (("SNOWFLAKE_ORGANIZATION_NAME",),),
    (("SNOWFLAKE_ACCOUNT_NAME",),),
    (("SNOWFLAKE_USER",),),
    (("SNOWFLAKE_AUTHENTICATOR", "SNOWFLAKE_PRIVATE_KEY"), ("SNOWFLAKE_AUTHENTICATOR", "SNOWFLAKE_TOKEN")),
)
PULUMI_DATABRICKS: tuple[Alternatives, ...] = (
    (("DATABRICKS_CLIENT_ID",),),
    (("DATABRICKS_CLIENT_SECRET",), ("DATABRICKS_AUTH_TYPE",)),
)
DAGSTER_PLUS: tuple[Alternatives, ...] = ((("DAGSTER_CLOUD_ORGANIZATION",),), (("DAGSTER_CLOUD_API_TOKEN",),))


@dataclass(frozen=True, slots=True)
class DeployVariables(Check):
    """Whether the shell holds what somebody signs in with to change a stack.

    For each of `wanted` one alternative must be set whole. Names may be shown, values never. `must_be` is what signs in
    with them has to be besides, which only the cloud knows; empty where it is nothing.
    """

    who: str
    wanted: tuple[Alternatives, ...]
    must_be: str
    remedy: str

    @property
    def subject(self) -> str:
        """Who signs in."""
        return self.who

    def examine(self) -> Finding:
        """Look for every variable."""
        missing = [self._wish(alternatives) for alternatives in self.wanted if not self._is_met(alternatives)]
        if missing:
            return problem(f"not set: {'; '.join(missing)}", self.remedy)
        return right(f"set; who signs in has to be {self.must_be}" if self.must_be else "set")

    @staticmethod
    def _is_met(alternatives: Alternatives) -> bool:
        return any(all(os.environ.get(name) for name in names) for names in alternatives)

    @staticmethod
    def _wish(alternatives: Alternatives) -> str:
        lacking = [[name for name in names if not os.environ.get(name)] for names in alternatives]
        return ", or ".join(" and ".join(names) for names in lacking)
