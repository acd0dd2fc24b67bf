"""What Dagster+ accepts as documents, by the library's own schema and the published references."""

from typing import Any

from dagster_cloud.workspace.config_schema import validate_workspace_location
from dagster_rest_resources.__generated__.enums import AlertPolicyEventType

# https://docs.dagster.io/guides/observe/alerts/yaml-reference
_NOTIFICATIONS = {
    "email": {"email_addresses"},
    "email_owners": {"default_email_addresses"},
    "slack": {"slack_workspace_name", "slack_channel_name"},
    "microsoft_teams": {"webhook_url"},
    "pagerduty": {"integration_key"},
}
_POLICY = {"name", "description", "enabled", "event_types", "alert_targets", "notification_service", "policy_options"}
_FAMILIES = ("ASSET_", "JOB_", "TICK_", "AGENT_", "CODE_LOCATION_", "INSIGHTS_", "METRIC_")
# https://docs.dagster.io/deployment/dagster-plus/deploying-code/full-deployments/full-deployment-settings-reference
_SETTINGS = {
    "concurrency": {
        "pools": {"granularity", "default_limit", "op_granularity_run_buffer"},
        "runs": {"max_concurrent_runs", "tag_concurrency_limits"},
    },
    "run_monitoring": {"start_timeout_seconds", "cancel_timeout_seconds", "max_runtime_seconds"},
    "run_retries": {"max_retries", "retry_on_asset_or_op_failure"},
    "sso_default_role": {"VIEWER", "LAUNCHER", "EDITOR", "ADMIN"},
}
# https://docs.dagster.io/deployment/dagster-plus/deploying-code/branch-deployments/branch-deployment-concurrency
_ORGANISATION_SETTINGS = {
    "max_concurrent_branch_deployment_runs",
    "max_concurrent_runs_per_branch_deployment",
    "branch_deployment_tag_concurrency_limits",
}


def location_errors(document: dict[str, Any]) -> list[str]:
    """What is wrong with a location's document, by the schema that agents read it with."""
    return validate_workspace_location(document) or []


def alert_policy_errors(document: object) -> list[str]:
    """What is wrong with a document of alert policies."""
    if not isinstance(document, dict) or document.keys() != {"alert_policies"}:
        return ["the document must hold alert_policies, and nothing else"]
    policies = document["alert_policies"]
    names = [policy.get("name") for policy in policies]
    twice = [f"two policies are called {name}" for name in set(names) if names.count(name) > 1]
    return twice + [error for policy in policies for error in _policy_errors(policy)]


def _policy_errors(policy: dict[str, Any]) -> list[str]:
    name = policy.get("name")
    unknown = [f"{name}: unknown field {key}" for key in policy.keys() - _POLICY]
    events = [str(event) for event in policy.get("event_types", [])]
    known = {event.value for event in AlertPolicyEventType}
    invented = [f"{name}: unknown event {event}" for event in events if event not in known]
    families = {next(family for family in _FAMILIES if event.startswith(family)) for event in set(events) & known}
    mixed = [] if len(families) == 1 else [f"{name}: events of one sort only, not {sorted(families)}"]
    return unknown + invented + mixed + _notification_errors(name, policy.get("notification_service", {}))


def _notification_errors(name: object, service: dict[str, Any]) -> list[str]:
    if len(service) != 1:
        return [f"{name}: one notification service"]
    ((kind, options),) = service.items()
    return [] if _NOTIFICATIONS.get(kind) == set(options) else [f"{name}: {kind} does not take {sorted(options)}"]


def settings_errors(settings: dict[str, Any]) -> list[str]:
    """What is wrong with the settings of a deployment: keys that there are not."""
    errors = [f"unknown setting {key}" for key in settings.keys() - _SETTINGS.keys()]
    for key in settings.keys() & _SETTINGS.keys():
        errors += _setting_errors(key, settings[key], _SETTINGS[key])
    return errors


def organisation_settings_errors(settings: dict[str, Any]) -> list[str]:
    """What is wrong with the settings of an organisation: keys that there are not."""
    return [f"unknown setting {key}" for key in sorted(settings.keys() - _ORGANISATION_SETTINGS)]


def _setting_errors(path: str, value: Any, known: Any) -> list[str]:
    if not isinstance(value, dict):
        return [] if not isinstance(known, set) or value in known else [f"{path}: {value} is none of {sorted(known)}"]
    errors = [f"unknown setting {path}.{key}" for key in value.keys() - set(known)]
    if isinstance(known, dict):
        for key in value.keys() & known.keys():
            errors += _setting_errors(f"{path}.{key}", value[key], known[key])
    return errors
