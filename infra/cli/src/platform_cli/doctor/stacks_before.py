import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from platform_contract.deployment import Deployment, Trait, deployments
from platform_contract.errors import ContractError
from platform_contract.snowflake_names import Persona, SnowflakeNames
from platform_infra.snowflake.resource_types import ACCOUNT_ROLE
from platform_infra.stack_settings.errors import StackSettingsError

from platform_cli.doctor.check import Check, Finding, Health, problem, right, warning
from platform_cli.doctor.snowflake_settings import read_snowflake_settings
from platform_cli.doctor.stack_state import StatePlace, export_of, is_missing
from platform_cli.stacks.pulumi_cli import pulumi_cli


@dataclass(frozen=True, slots=True)
class ForeignRole:
    """A role that a stack needs and another deployment's stack makes."""

    name: str
    made_by: Deployment


@dataclass(frozen=True, slots=True)
class StacksBefore(Check):
    """Whether the stacks are up whose roles this one needs: a preview signs in with them, or names them in a grant."""

    program: Path
    place: StatePlace

    @property
    def subject(self) -> str:
        """The order."""
        return "stacks before it"

    def examine(self) -> Finding:
        """Look into the states of the others, as far as whoever asks may read them."""
        try:
            roles = list(self._roles())
        except StackSettingsError:
            return warning("not looked at", "first see to the Snowflake settings")
        found = [self._look_for(role) for role in roles]
        worst = [one for health in (Health.PROBLEM, Health.WARNING) for one in found if one.health is health]
        if worst:
            return worst[0]
        return right(", ".join(f"{role.name} of {role.made_by}" for role in roles) or "none")

    def _roles(self) -> Iterator[ForeignRole]:
        deployment = self.place.deployment
        names = SnowflakeNames(deployment)
        cloned = read_snowflake_settings(self.program, deployment).clone_production
        is_pull_request = deployment.has(Trait.PULL_REQUEST)
        if is_pull_request or (cloned and deployment.has(Trait.CLONED)):
            yield ForeignRole(names.pull_request_admin, deployments().host)
        if is_pull_request and cloned:
            yield ForeignRole(names.role(Persona.CLONE_READER), deployments().cloned)

    def _look_for(self, role: ForeignRole) -> Finding:
        try:
            place = replace(self.place, deployment=role.made_by)
            cli = pulumi_cli(os.environ, place.settings().variables)
        except ContractError:
            return warning("not looked at", "first see to the Pulumi CLI and the state backend")
        exported = export_of(cli, self.program, role.made_by)
        if exported.returncode == 0:
            return _judge(role, exported.stdout)
        if is_missing(exported.stdout + exported.stderr):
            return _not_up(role)
        return warning(
            f"{role.name} not looked for: the state of {role.made_by} cannot be read from here",
            f"if {role.made_by} is not up yet, bring it up first: make up STACK={role.made_by}",
        )


def _judge(role: ForeignRole, state: str) -> Finding:
    resources = json.loads(state)["deployment"].get("resources") or []
    made = {one["outputs"].get("name") for one in resources if one.get("type") == ACCOUNT_ROLE and "outputs" in one}
    return right(role.name) if role.name in made else _not_up(role)


def _not_up(role: ForeignRole) -> Finding:
    return problem(
        f"{role.name} does not exist, and without it a preview fails: stack {role.made_by} makes it",
        f"make up STACK={role.made_by}",
    )
