from collections.abc import Iterator
from dataclasses import dataclass

from platform_contract.errors import ContractError

from platform_cli.dagster_plus.organisation import Organisation

_QUERY = """
query WhatStartsRuns {
  workspaceOrError {
    __typename
    ... on Workspace {
      locationEntries {
        name
        locationOrLoadError {
          __typename
          ... on RepositoryLocation {
            repositories {
              sensors { name defaultStatus sensorState { status } }
              schedules { name defaultStatus scheduleState { status } }
            }
          }
        }
      }
    }
  }
}
"""
_RUNNING = "RUNNING"


@dataclass(frozen=True, slots=True)
class Instigator:
    """A sensor or a schedule of a deployment: whether its code declares it on, and whether it runs."""

    name: str
    declared_on: bool
    running: bool


def instigators(organisation: Organisation, name: str) -> list[Instigator]:
    """Every sensor and schedule of the locations that a deployment has loaded, in order of their names.

    Args:
        organisation: where to look.
        name: Dagster+'s name of the deployment.

    Raises:
        ContractError: when Dagster+ cannot be reached, refuses the token, or has not loaded all locations: what starts
            runs in the others is nobody's to know.
    """
    workspace = organisation.execute(_QUERY, {}, name)["workspaceOrError"]
    if workspace["__typename"] != "Workspace":
        raise ContractError(f"Dagster+ cannot say what {name} has loaded: look at its code locations there")
    entries = workspace["locationEntries"]
    lacking = [entry["name"] for entry in entries if "repositories" not in (entry["locationOrLoadError"] or {})]
    if lacking:
        raise ContractError(
            f"{name} has not loaded {', '.join(sorted(lacking))}: look at its code locations in Dagster+"
        )
    repositories = (repository for entry in entries for repository in entry["locationOrLoadError"]["repositories"])
    return sorted((one for repository in repositories for one in _of(repository)), key=lambda one: one.name)


def _of(repository: dict) -> Iterator[Instigator]:
    for kind, state in (("sensors", "sensorState"), ("schedules", "scheduleState")):
        for one in repository[kind]:
            yield Instigator(one["name"], one["defaultStatus"] == _RUNNING, one[state]["status"] == _RUNNING)
