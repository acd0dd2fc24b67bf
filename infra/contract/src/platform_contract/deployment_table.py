"""What `platform.toml` says of deployments, as values: looked at whole, and refused with line and fix."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from platform_contract.platform_file import PlatformFile, Table

SECTION = "deployments"
PULL_REQUESTS = "pull_requests"

_NAME = re.compile(r"[a-z][a-z0-9]{1,15}")
_SUFFIX = re.compile(r"(_[a-z][a-z0-9]*)?")
_RESERVED = frozenset({"pr"})
_FLAGS = ("laptop", "protects_data", "automation", "approval", "alerts")
_TEXTS = ("suffix", "shares_settings_of", "github_environment")
_PULL_REQUEST_KEYS = ("hosted_by", "clones_data_of", "cleaned_up_by")
PULL_REQUEST_ENVIRONMENT = "pull-requests"
"""The environment of the repository that every branch may use."""


@dataclass(frozen=True, slots=True)
class DeploymentRow:
    """What is said of one deployment; `flags` are the traits it has."""

    name: str
    flags: frozenset[str]
    suffix: str
    shares_settings_of: str | None
    github_environment: str


@dataclass(frozen=True, slots=True)
class DeploymentRows:
    """Every deployment, in the order of a release, and what pull requests are made of."""

    rows: tuple[DeploymentRow, ...]
    hosted_by: str
    clones_data_of: str
    cleaned_up_by: str


def deployment_rows(file: PlatformFile) -> DeploymentRows:
    """The deployments of a platform file.

    Raises:
        ContractError: for whatever cannot be, naming file, line and fix.
    """
    tables = file.tables(SECTION)
    rows = tuple(_row(table) for table in tables)
    _check_laptop(file, tables)
    _check_distinct(tables, {row.name: row.suffix for row in rows}, "suffix")
    _check_distinct(tables, {row.name: row.github_environment for row in rows}, "github_environment")
    in_clouds = [row.name for row in rows if "laptop" not in row.flags]
    _check_shared(tables, rows, in_clouds)
    return DeploymentRows(rows, *_pull_requests(file.table(PULL_REQUESTS), in_clouds))


def _row(table: Table) -> DeploymentRow:
    table.only((*_FLAGS, *_TEXTS))
    name = table.entry
    if _NAME.fullmatch(name) is None or name in _RESERVED:
        raise table.error(None, f"{name!r} is no name of a deployment", "2 to 16 small letters and digits, but not pr")
    return DeploymentRow(
        name=name,
        flags=frozenset(flag for flag in _FLAGS if table.flag(flag)),
        suffix=_suffix(table, name),
        shares_settings_of=table.text_of("shares_settings_of"),
        github_environment=_environment(table, name),
    )


def _suffix(table: Table, name: str) -> str:
    stated = table.text_of("suffix")
    suffix = f"_{name}" if stated is None else stated
    if _SUFFIX.fullmatch(suffix) is None:
        raise table.error("suffix", f"suffix {suffix!r} ends no name", 'write "_" and letters and digits, or ""')
    return suffix


def _environment(table: Table, name: str) -> str:
    environment = table.text_of("github_environment") or name
    if environment == PULL_REQUEST_ENVIRONMENT:
        raise table.error("github_environment", "anybody's branch may use that environment", "name another")
    return environment


def _check_laptop(file: PlatformFile, tables: Sequence[Table]) -> None:
    laptops = [table for table in tables if table.flag("laptop")]
    if not laptops:
        raise file.table(SECTION).error(None, "no deployment is the laptop", "give one of them laptop = true")
    if len(laptops) > 1:
        raise laptops[1].error("laptop", f"{laptops[0].entry} is the laptop already", "there is one: remove it here")
    for key in laptops[0].values:
        if key != "laptop":
            raise laptops[0].error(key, f"a laptop has no {key}", "remove one of the two")


def _check_distinct(tables: Sequence[Table], values: Mapping[str, str], key: str) -> None:
    """Two deployments with one name would be one."""
    seen: dict[str, str] = {}
    for table in tables:
        value = values[table.entry]
        if value in seen:
            raise table.error(key, f"{key} {value!r} is {seen[value]}'s already", "give each its own")
        seen[value] = table.entry


def _check_shared(tables: Sequence[Table], rows: Sequence[DeploymentRow], in_clouds: Sequence[str]) -> None:
    sharing = {row.name for row in rows if row.shares_settings_of is not None}
    for table, row in zip(tables, rows, strict=True):
        other = row.shares_settings_of
        if other is not None and (other not in in_clouds or other in sharing):
            legal = [name for name in in_clouds if name not in sharing]
            raise table.error("shares_settings_of", f"{other!r} has no settings of its own to share", _choice(legal))


def _pull_requests(table: Table, in_clouds: Sequence[str]) -> tuple[str, str, str]:
    table.only(_PULL_REQUEST_KEYS)
    hosted_by, clones_data_of, cleaned_up_by = (_in_clouds(table, key, in_clouds) for key in _PULL_REQUEST_KEYS)
    if hosted_by == clones_data_of:
        raise table.error(
            "hosted_by",
            f"pull requests would have powers in {hosted_by}, whose data they only read",
            "let another deployment host them",
        )
    return hosted_by, clones_data_of, cleaned_up_by


def _in_clouds(table: Table, key: str, in_clouds: Sequence[str]) -> str:
    name = table.required(key)
    if name not in in_clouds:
        raise table.error(key, f"{key} = {name!r} is no deployment in the cloud", _choice(in_clouds))
    return name


def _choice(names: Iterable[str]) -> str:
    return f"name one of {', '.join(names)}"
