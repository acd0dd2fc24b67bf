from platform_infra.snowflake.resource_types import (
    GRANT_ACCOUNT_ROLE,
    GRANT_DATABASE_ROLE,
    GRANT_TO_ACCOUNT_ROLE,
    GRANT_TO_DATABASE_ROLE,
    NETWORK_POLICY,
    STAGE_INTERNAL,
    TAG,
    TAG_ASSOCIATION,
)

# All grants are shown to who holds MANAGE GRANTS, with which one may grant anything; a stage is described to who may
# read its files; a network policy to its owner; which tags an object has, to who may set them (docs.snowflake.com: SHOW
# GRANTS, DESCRIBE STAGE, DESCRIBE NETWORK POLICY, Access control privileges). None of these a watcher may hold. A tag
# is read by a query, for which it has no warehouse.
_UNSEEN = frozenset(
    {
        GRANT_ACCOUNT_ROLE,
        GRANT_DATABASE_ROLE,
        GRANT_TO_ACCOUNT_ROLE,
        GRANT_TO_DATABASE_ROLE,
        NETWORK_POLICY,
        STAGE_INTERNAL,
        TAG,
        TAG_ASSOCIATION,
    }
)


def unseen_in_snowflake(type_token: str) -> bool:
    """Whether the watcher cannot see a resource of that type: reading it takes a power that it shall not have."""
    return type_token in _UNSEEN
