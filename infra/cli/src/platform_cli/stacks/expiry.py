from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from platform_contract.deployment import Trait
from platform_infra.programs.cloud_programs import cloud_program
from platform_infra.stack_settings.common_settings import CommonSettings

from platform_cli.stacks.stack import Stack

EXPIRY_TAG = "expires_on"

# Of a stack that somebody made without this command.
_UNTAGGED_DAYS = timedelta(days=CommonSettings.expires_after_days)


def mark_expiry(stack: Stack, today: date) -> int:
    """Note on a pull request's stack, before anything is made in it, when it may be swept; Pulumi's exit code."""
    if not stack.deployment.has(Trait.PULL_REQUEST):
        return 0
    day = cloud_program(stack.program).settings_of(stack.folder.parent, stack.deployment).last_day(today)
    return stack.run("stack", "tag", "set", EXPIRY_TAG, day.isoformat())


def last_day(stack: Stack, listed: Mapping[str, Any]) -> date:
    """The last day on which a pull request's stack may stand.

    An empty one is what a removal that was cut short has left, so its day is long past.

    Args:
        stack: one that is there.
        listed: what the backend's list says of it.
    """
    if not listed.get("resourceCount"):
        return date.min
    return _tagged(stack) or datetime.fromisoformat(listed["lastUpdate"]).date() + _UNTAGGED_DAYS


def _tagged(stack: Stack) -> date | None:
    """The tag can be set by hand, so it may hold anything."""
    try:
        return date.fromisoformat(stack.tags().get(EXPIRY_TAG, ""))
    except ValueError:
        return None
