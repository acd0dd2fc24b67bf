from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deployer:
    """The user that the provider signs in as: the roles that it has been granted, and the warehouse of its sessions.

    The warehouse is the user's DEFAULT_WAREHOUSE, or what SNOWFLAKE_WAREHOUSE names in the provider's environment
    (docstring of `warehouse` in `provider.py` of pulumi_snowflake 2.22); None where neither says anything.
    """

    roles: frozenset[str]
    warehouse: str | None


AS_DOCUMENTED = Deployer(frozenset({"SYSADMIN", "SECURITYADMIN", "ACCOUNTADMIN"}), None)
"""Who applies standing stacks, as `infra/README.md` makes it, before it has a warehouse."""
