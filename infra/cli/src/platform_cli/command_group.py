from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click
from platform_contract.errors import ContractError

# Packages that the demo does without, by the dependency group that brings them.
_GROUPS = {"platform_infra": "infra", "pulumi": "infra", "dagster_cloud_cli": "deploy"}
_WHOSE = {"infra": "the infrastructure's", "deploy": "Dagster+'s"}


@dataclass(frozen=True, slots=True)
class CommandEntry:
    """A command by name, found as the function of that name in `platform_cli.commands.<name>`, - as _."""

    name: str
    summary: str


class RefusedError(click.ClickException):
    """What the contract refuses, as one line and exit code 2."""

    exit_code = 2


class LazyCommandGroup(click.Group):
    """A group that imports a command when it is called, so that `--help` loads none of them."""

    def __init__(self, *, entries: Sequence[CommandEntry], **attributes: Any) -> None:  # noqa: ANN401 - click's own
        super().__init__(**attributes)
        self._entries = {entry.name: entry for entry in entries}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order in which a newcomer meets them."""
        del ctx
        return list(self._entries)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        del ctx
        if cmd_name not in self._entries:
            return None
        function = cmd_name.replace("-", "_")
        return getattr(import_module(f"platform_cli.commands.{function}"), function)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands by their summaries, without importing any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(entry.name, entry.summary) for entry in self._entries.values()])

    def invoke(self, ctx: click.Context) -> object:
        """Run the command.

        Raises:
            RefusedError: in place of a ContractError, whose message is all that a person needs, and where packages of
                a dependency group are missing, which the demo does without.
        """
        try:
            return super().invoke(ctx)
        except ContractError as error:
            raise RefusedError(str(error)) from None
        except ModuleNotFoundError as error:
            group = _GROUPS.get((error.name or "").partition(".")[0])
            if group is None:
                raise
            raise RefusedError(f"this needs {_WHOSE[group]} packages: run `.ci/setup {group}` first") from None
