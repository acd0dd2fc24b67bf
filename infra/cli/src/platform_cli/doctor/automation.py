import os
from dataclasses import dataclass

from platform_contract.deployment import Deployment
from platform_contract.errors import ContractError

from platform_cli.dagster_plus.instigators import instigators
from platform_cli.dagster_plus.organisation import organisation
from platform_cli.doctor.check import Check, Finding, right, warning

# Somebody waits for the answer, and may ask again.
_NO_RETRIES = 0


@dataclass(frozen=True, slots=True)
class AutomationRuns(Check):
    """Whether the sensors and schedules that the deployed code declares on do run."""

    deployment: Deployment

    @property
    def subject(self) -> str:
        """What starts runs."""
        return "automation"

    def examine(self) -> Finding:
        """Ask Dagster+, where somebody may have turned one off."""
        try:
            found = instigators(organisation(os.environ, _NO_RETRIES), self.deployment.name)
        except ContractError as error:
            return warning("not looked at", f"{error}; or look at Automation of {self.deployment} in the UI")
        declared = [one for one in found if one.declared_on]
        if not declared:
            return warning("nothing that starts runs is deployed", f"make deploy DEPLOYMENT={self.deployment} IMAGES=…")
        off = [one.name for one in declared if not one.running]
        if off:
            return warning(f"turned off: {', '.join(off)}", f"turn it on under Automation of {self.deployment}")
        return right(f"{len(declared)} sensors and schedules run")
