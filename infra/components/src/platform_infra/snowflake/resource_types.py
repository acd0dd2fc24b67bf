"""Type tokens of the provider's resources that guardrails and reports look for; importing its SDK takes seconds."""

ACCOUNT_ROLE = "snowflake:index/accountRole:AccountRole"
DATABASE = "snowflake:index/database:Database"
DATABASE_ROLE = "snowflake:index/databaseRole:DatabaseRole"
GRANT_ACCOUNT_ROLE = "snowflake:index/grantAccountRole:GrantAccountRole"
GRANT_DATABASE_ROLE = "snowflake:index/grantDatabaseRole:GrantDatabaseRole"
GRANT_OWNERSHIP = "snowflake:index/grantOwnership:GrantOwnership"
GRANT_TO_ACCOUNT_ROLE = "snowflake:index/grantPrivilegesToAccountRole:GrantPrivilegesToAccountRole"
GRANT_TO_DATABASE_ROLE = "snowflake:index/grantPrivilegesToDatabaseRole:GrantPrivilegesToDatabaseRole"
NETWORK_POLICY = "snowflake:index/networkPolicy:NetworkPolicy"
RESOURCE_MONITOR = "snowflake:index/resourceMonitor:ResourceMonitor"
SCHEMA = "snowflake:index/schema:Schema"
STAGE_INTERNAL = "snowflake:index/stageInternal:StageInternal"
TAG = "snowflake:index/tag:Tag"
TAG_ASSOCIATION = "snowflake:index/tagAssociation:TagAssociation"
WAREHOUSE = "snowflake:index/warehouse:Warehouse"

PACKAGE = "snowflake:"
STATEFUL = frozenset({DATABASE, SCHEMA, STAGE_INTERNAL})
PRIVILEGE_GRANTS = frozenset({GRANT_TO_ACCOUNT_ROLE, GRANT_TO_DATABASE_ROLE})
GRANTS = PRIVILEGE_GRANTS | {GRANT_ACCOUNT_ROLE, GRANT_DATABASE_ROLE, GRANT_OWNERSHIP}
