import json
from collections.abc import Mapping

from pulumi.runtime.config import CONFIG, is_config_secret

from platform_infra.stack_settings.errors import StackSettingsError

_ENGINE = "pulumi"


def stack_config(project: str) -> dict[str, object]:
    """What the running stack's configuration gives this project: name of the setting → value.

    Raises:
        StackSettingsError: for a key of another namespace, or a value that is encrypted.
    """
    stated = CONFIG.get()
    encrypted = frozenset(key for key in stated if is_config_secret(key))
    return project_config(project, stated, encrypted)


def project_config(project: str, stated: Mapping[str, str], encrypted: frozenset[str]) -> dict[str, object]:
    """The settings of one project among `namespace:key` → text, structured values decoded.

    Raises:
        StackSettingsError: for a key of another namespace, which nothing would read, and for an encrypted value:
            credentials come from the environment, and what a stack file holds is printed in outputs.
    """
    foreign = [key for key in stated if key.partition(":")[0] not in (project, _ENGINE)]
    if foreign:
        raise StackSettingsError(
            f"no program reads the setting(s) {', '.join(sorted(foreign))}: write them as {project}:<setting>, "
            "or remove them (accounts, roles and credentials of a provider come from the environment alone)"
        )
    own = {key: text for key, text in stated.items() if key.partition(":")[0] == project}
    secret = sorted(encrypted & own.keys())
    if secret:
        raise StackSettingsError(
            f"setting(s) {', '.join(secret)} are encrypted, but no setting is a secret: "
            "put credentials into the environment, and set the others without --secret"
        )
    return {key.partition(":")[2]: _decoded(key, text) for key, text in own.items()}


def _decoded(key: str, text: str) -> object:
    """Objects and lists arrive as JSON; a plain value stays the text it is, for the typed settings to read."""
    if not text.startswith(("{", "[")):
        return text
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise StackSettingsError(f"setting {key} is neither plain text nor a structured value: {error}") from error
