from collections.abc import Mapping

from platform_contract.deployment import Trait
from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.errors import ContractError
from platform_contract.resolution import inside_dagster_plus, resolve_deployment

_VARIABLE = EnvironmentVariable.PLATFORM_AUTOMATION
_WORDS = {"": False, "false": False, "true": True}


def automation_is_on(environ: Mapping[str, str]) -> bool:
    """Whether sensors and schedules of this process run from the first load.

    In Dagster+ the deployment's trait decides, and a pull request has it never: it shows what a change does to a copy
    of the data, and nothing lands there. Anywhere else they run if PLATFORM_AUTOMATION=true alone, whatever
    deployment is named: a second daemon beside Dagster+'s own is never started by accident.

    Raises:
        ContractError: when PLATFORM_AUTOMATION is neither `true` nor `false`, when it is set inside Dagster+, and when
            the environment names no legal deployment there.
    """
    word = environ.get(_VARIABLE, "")
    if word not in _WORDS:
        raise ContractError(f"{_VARIABLE}={word!r} is no decision: write true or false")
    if not inside_dagster_plus(environ):
        return _WORDS[word]
    if word:
        raise ContractError(
            f"{_VARIABLE}={word} inside Dagster+ is refused, the deployment's trait `automation` decides there: "
            "remove it from the Dagster+ environment variables"
        )
    return resolve_deployment(environ).has(Trait.AUTOMATION)
