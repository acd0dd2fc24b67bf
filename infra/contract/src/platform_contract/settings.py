from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from platform_contract.environment_variables import EnvironmentVariable
from platform_contract.errors import ContractError


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable that production reads, and what a person should put there."""

    variable: EnvironmentVariable
    meaning: str
    secret: bool


@dataclass(frozen=True, slots=True)
class Requirement:
    """Alternatives of which one must be set whole: `((a,), (b, c))` reads "a, or both b and c"."""

    alternatives: tuple[tuple[Setting, ...], ...]


class MissingSettingsError(ContractError):
    """Settings that production needs and the environment lacks: all of them, never only the first."""


_SNOWFLAKE_ACCOUNT = Setting(
    EnvironmentVariable.SNOWFLAKE_ACCOUNT, "account identifier, <organisation>-<account>", False
)
_SNOWFLAKE_USER = Setting(EnvironmentVariable.SNOWFLAKE_USER, "service user of this deployment", False)
_SNOWFLAKE_KEY = Setting(EnvironmentVariable.SNOWFLAKE_PRIVATE_KEY, "private key of that user, PEM", True)
_SNOWFLAKE_IDENTITY = Setting(
    EnvironmentVariable.SNOWFLAKE_WORKLOAD_IDENTITY_PROVIDER, "AWS, AZURE, GCP or OIDC, where no key is used", False
)
_DATABRICKS_HOST = Setting(EnvironmentVariable.DATABRICKS_SERVER_HOSTNAME, "host name of the workspace", False)
_DATABRICKS_PATH = Setting(EnvironmentVariable.DATABRICKS_HTTP_PATH, "HTTP path of the SQL warehouse", False)
_DATABRICKS_TOKEN = Setting(EnvironmentVariable.DATABRICKS_TOKEN, "access token", True)
_DATABRICKS_CLIENT = Setting(EnvironmentVariable.DATABRICKS_CLIENT_ID, "client id of the service principal", False)
_DATABRICKS_SECRET = Setting(EnvironmentVariable.DATABRICKS_CLIENT_SECRET, "its OAuth secret", True)
# Where the principal's federation policy trusts somebody else's token, no secret is needed: the pod's own, or CI's.
_DATABRICKS_TOKEN_FILE = Setting(
    EnvironmentVariable.DATABRICKS_OIDC_TOKEN_FILEPATH, "file with a token that its federation policy trusts", False
)
_DATABRICKS_OIDC_TOKEN = Setting(EnvironmentVariable.DATABRICKS_OIDC_TOKEN, "such a token itself", True)
_STORAGE_URI = Setting(
    EnvironmentVariable.PLATFORM_STORAGE_URI,
    "folder in object storage, s3://, gs:// or abfss://, that holds a folder for each deployment",
    False,
)
_REPOSITORY = Setting(EnvironmentVariable.PLATFORM_REPOSITORY, "the repository on GitHub, <owner>/<name>", False)
_WORKFLOW_TOKEN = Setting(
    EnvironmentVariable.PLATFORM_WORKFLOW_TOKEN,
    "fine-grained token of that repository: actions write, pull requests read, nothing else",
    True,
)

SNOWFLAKE_REQUIREMENTS = (
    Requirement(((_SNOWFLAKE_ACCOUNT,),)),
    Requirement(((_SNOWFLAKE_USER,),)),
    Requirement(((_SNOWFLAKE_KEY,), (_SNOWFLAKE_IDENTITY,))),
)
DATABRICKS_REQUIREMENTS = (
    Requirement(((_DATABRICKS_HOST,),)),
    Requirement(((_DATABRICKS_PATH,),)),
    Requirement(
        (
            (_DATABRICKS_TOKEN,),
            (_DATABRICKS_CLIENT, _DATABRICKS_SECRET),
            (_DATABRICKS_CLIENT, _DATABRICKS_TOKEN_FILE),
            (_DATABRICKS_CLIENT, _DATABRICKS_OIDC_TOKEN),
        )
    ),
)
OBJECT_STORAGE_REQUIREMENTS = (Requirement(((_STORAGE_URI,),)),)
# Files of a domain land in object storage and are loaded into Snowflake.
RAW_LOAD_REQUIREMENTS = OBJECT_STORAGE_REQUIREMENTS + SNOWFLAKE_REQUIREMENTS
CLEAN_UP_REQUIREMENTS = (Requirement(((_REPOSITORY,),)), Requirement(((_WORKFLOW_TOKEN,),)))


def require_settings(
    environ: Mapping[str, str], requirements: Iterable[Requirement], consumer: str
) -> dict[EnvironmentVariable, str]:
    """The values of one whole alternative for each requirement.

    Args:
        environ: the process environment.
        requirements: what must be there.
        consumer: who asks, as the message should name it.

    Raises:
        MissingSettingsError: naming everything that is missing. Values never appear in it.
    """
    chosen: dict[EnvironmentVariable, str] = {}
    missing: list[str] = []
    for requirement in requirements:
        complete = _complete_alternative(environ, requirement)
        if complete is None:
            missing.append(_describe(environ, requirement))
        else:
            chosen |= {setting.variable: environ[setting.variable] for setting in complete}
    if missing:
        raise MissingSettingsError(
            f"{consumer} needs settings that the environment lacks: {'; '.join(missing)}. "
            "Set them for this deployment, or run on this machine with demo_mode true"
        )
    return chosen


def _complete_alternative(environ: Mapping[str, str], requirement: Requirement) -> tuple[Setting, ...] | None:
    complete = (a for a in requirement.alternatives if all(environ.get(setting.variable) for setting in a))
    return next(complete, None)


def _describe(environ: Mapping[str, str], requirement: Requirement) -> str:
    return ", or ".join(_describe_alternative(environ, alternative) for alternative in requirement.alternatives)


def _describe_alternative(environ: Mapping[str, str], alternative: tuple[Setting, ...]) -> str:
    lacking = [setting for setting in alternative if not environ.get(setting.variable)]
    return " and ".join(f"{setting.variable} ({setting.meaning})" for setting in lacking)
