from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from platform_contract.deployment import Deployment, Trait
from platform_contract.errors import ContractError

BACKEND_VARIABLE = "PULUMI_BACKEND_URL"
PASSPHRASE_VARIABLES = ("PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE")
PASSPHRASE = "passphrase"  # noqa: S105 - the name of a provider, not a secret

# A checkout may lack what `stack init` wrote into Pulumi.<stack>.yaml, as that of a pull request's second push does.
# The CLI then takes a passphrase for the secrets provider, and stops for want of one, unless told to look into the
# state (pulumi v3.274.1, pkg/cmd/pulumi/stack/secrets.go).
_BY_STATE = {"PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER": "true"}

_PULL_REQUESTS = "pull_requests"
_KEYS = frozenset({"backend", "secrets_provider"})


@dataclass(frozen=True, slots=True)
class StateSettings:
    """Where a stack's state is kept, what encrypts the secrets in it, and which variables say so to Pulumi."""

    backend: str
    secrets_provider: str
    variables: Mapping[str, str]


def state_settings(file: Path, deployment: Deployment, local_root: Path, environ: Mapping[str, str]) -> StateSettings:
    """The state of a deployment's stacks; what the environment says wins over the file.

    A laptop's stack keeps its state beside its stores and has no secret, so it needs neither setting nor passphrase.

    Args:
        file: `infra/state.yaml`.
        deployment: the deployment that the stack is.
        local_root: the folder of all local stores.
        environ: the process environment.

    Raises:
        ContractError: when neither file nor environment says where, or the file is not as it should be.
    """
    has_passphrase = any(environ.get(variable) is not None for variable in PASSPHRASE_VARIABLES)
    if deployment.has(Trait.LAPTOP):
        stated = {"backend": (local_root / "pulumi").absolute().as_uri(), "secrets_provider": PASSPHRASE}
    else:
        stated = _section(file, deployment)
    backend = environ.get(BACKEND_VARIABLE) or stated["backend"]
    without_secrets = {} if has_passphrase or not deployment.has(Trait.LAPTOP) else _no_passphrase()
    return StateSettings(
        backend=backend,
        secrets_provider=PASSPHRASE if has_passphrase else stated["secrets_provider"],
        variables={BACKEND_VARIABLE: backend, **_BY_STATE, **without_secrets},
    )


def _no_passphrase() -> dict[str, str]:
    return {PASSPHRASE_VARIABLES[0]: ""}


def _section(file: Path, deployment: Deployment) -> dict[str, str]:
    """What the file says of a deployment; where it says nothing, of the one whose settings that shares."""
    if not file.is_file():
        raise ContractError(f"{file} is missing: it says where each stack keeps its state")
    content: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
    sections = content if isinstance(content, dict) else {}
    section = _PULL_REQUESTS if deployment.has(Trait.PULL_REQUEST) else deployment.name
    if section not in sections and deployment.has(Trait.STANDING) and deployment.shares_settings_of is not None:
        section = deployment.shares_settings_of
    found = sections.get(section)
    if not isinstance(found, dict) or found.keys() != _KEYS or not all(isinstance(v, str) for v in found.values()):
        raise ContractError(f"{file}: {section} must hold exactly {' and '.join(sorted(_KEYS))}, both texts")
    return found
