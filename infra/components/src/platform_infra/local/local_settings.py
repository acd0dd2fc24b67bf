from pydantic.dataclasses import dataclass

from platform_infra.stack_settings.typed_settings import SETTINGS


@dataclass(frozen=True, kw_only=True, config=SETTINGS)
class LocalSettings:
    """What the stack file of the local stores may say.

    `delete_data` lets `pulumi destroy` delete stores that hold data; the engine destroys what it last applied, so it
    takes an `up` to come into force.
    """

    delete_data: bool = False
