from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import yaml
from dagster_cloud_cli import gql
from platform_contract.errors import ContractError

from platform_cli.commands.settings import FOLDER
from platform_cli.dagster_plus.organisation import Organisation
from platform_cli.dagster_plus.session import open_session

ORGANISATION_SETTINGS = f"{FOLDER}/organisation_settings.yaml"


@click.command()
def organisation_settings() -> None:
    """Apply the organisation's settings in `.dagster_plus`: what all branch deployments run by.

    Other settings that the organisation has stay as they are: it may serve more than this platform.
    """
    session = open_session()
    ours = _read(session.checkout / ORGANISATION_SETTINGS)
    present = _settings(session.organisation)
    _replace(session.organisation, {**present, **ours})
    for name, value in ours.items():
        click.echo(f"{name}: {value}" + ("" if present.get(name) == value else f", before: {present.get(name)}"))


def _read(file: Path) -> dict[str, Any]:
    content = yaml.safe_load(file.read_text(encoding="utf-8"))
    if not isinstance(content, dict) or not content:
        raise ContractError(f"{ORGANISATION_SETTINGS} must hold settings, one a line, as `name: value`")
    return content


def _settings(organisation: Organisation) -> dict[str, Any]:
    return organisation.execute(gql.ORGANIZATION_SETTINGS_QUERY, {}, None)["organizationSettings"]["settings"] or {}


def _replace(organisation: Organisation, settings: Mapping[str, Any]) -> None:
    """What is sent takes the place of all that there is."""
    sent = {"organizationSettings": {"settings": settings}}
    answer = organisation.execute(gql.SET_ORGANIZATION_SETTINGS_MUTATION, sent, None)["setOrganizationSettings"]
    if answer["__typename"] != "OrganizationSettings":
        raise ContractError(
            f"Dagster+ does not take {ORGANISATION_SETTINGS}: {answer['message']}. "
            "It takes a token of an administrator of the organisation, and settings that it knows"
        )
