from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from platform_contract.deployment import Deployment, Trait, deployments
from platform_contract.domain import Engine
from platform_contract.domains import domains_on
from platform_infra.databricks.cloud_storage import StorageTrust
from platform_infra.databricks.settings import databricks_settings
from platform_infra.programs.cloud_programs import cloud_program
from platform_infra.snowflake.plan import snowflake_plan
from platform_infra.stack_settings.errors import StackSettingsError
from platform_infra.stack_settings.stack_config import project_config
from platform_infra.stack_settings.stack_files import project_name, stack_files_config

from platform_cli.doctor.check import Check, Finding, problem, right, warning
from platform_cli.doctor.snowflake_settings import read_snowflake_settings

# What the shipped stack files put where a person's own account belongs.
_EXAMPLES = ("example", "EXAMPLE", "00000000-0000-4000-8000-", "1111111111111111", "2222222222222222")


@dataclass(frozen=True, slots=True)
class OwnSettings(Check):
    """Whether a program's settings are a person's own: legal, and none of them still the shipped example."""

    program: Path
    deployment: Deployment

    @property
    def subject(self) -> str:
        """The settings."""
        return f"{self.program.name} settings"

    def examine(self) -> Finding:
        """Read them as the program would."""
        project = project_name(self.program)
        try:
            config = project_config(project, stack_files_config(self.program, self.deployment.name), frozenset())
            cloud_program(self.program.name).settings(self.deployment, config, project)
        except StackSettingsError as error:
            return problem("refused", " ".join(str(error).split()))
        left = [path for path, value in _leaves("", config) if self._concerns(path) and _is_example(value)]
        if left:
            return problem(f"still examples: {', '.join(left)}", f"put your own into {self._files()}")
        return right("your own")

    def _concerns(self, path: str) -> bool:
        """Of the workspaces only the deployment's own."""
        top, _, rest = path.partition(".")
        own = deployments().host if self.deployment.has(Trait.PULL_REQUEST) else self.deployment
        return top != "workspaces" or rest.partition(".")[0] in (own.name, own.shares_settings_of)

    def _files(self) -> str:
        return f"Pulumi.yaml and Pulumi.{self.deployment}.yaml in infra/{self.program.name}"


@dataclass(frozen=True, slots=True)
class StorageTrusted(Check):
    """Whether the cloud trusts the storage credential, so that there can be a catalog."""

    program: Path
    deployment: Deployment

    @property
    def subject(self) -> str:
        """The trust."""
        return "storage trust"

    def examine(self) -> Finding:
        """Read what the stack file says of it."""
        project = project_name(self.program)
        config = project_config(project, stack_files_config(self.program, self.deployment.name), frozenset())
        try:
            settings, _ = databricks_settings(self.deployment, config, project)
        except StackSettingsError:
            return warning("not looked at", "first see to the Databricks settings")
        if settings.storage_trust is StorageTrust.PENDING:
            return warning(
                "pending",
                f"set up what the output storage_trust says, then storage_trust: established in "
                f"Pulumi.{self.deployment}.yaml",
            )
        return right("established")


@dataclass(frozen=True, slots=True)
class UsersSignIn(Check):
    """Whether every service user has a way to sign in."""

    program: Path
    deployment: Deployment

    @property
    def subject(self) -> str:
        """The users."""
        return "service users"

    def examine(self) -> Finding:
        """Read what the stack would make."""
        try:
            settings = read_snowflake_settings(self.program, self.deployment)
        except StackSettingsError:
            return warning("not looked at", "first see to the Snowflake settings")
        plan = snowflake_plan(self.deployment, settings, domains_on(Engine.SNOWFLAKE))
        disabled = [user.name for user in plan.users if user.sign_in is None]
        if disabled:
            return warning(f"disabled: {', '.join(disabled)}", "infra/snowflake/README.md, Letting a service user in")
        return right(", ".join(user.name for user in plan.users) or "none of its own")


def _leaves(path: str, value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(f"{path}.{key}" if path else str(key), inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(path, inner)
    else:
        yield path, value


def _is_example(value: object) -> bool:
    return any(example in str(value) for example in _EXAMPLES)
