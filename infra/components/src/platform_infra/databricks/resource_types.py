"""Type tokens of the provider, as the rules compare them."""

CATALOG = "databricks:index/catalog:Catalog"
SCHEMA = "databricks:index/schema:Schema"
VOLUME = "databricks:index/volume:Volume"
EXTERNAL_LOCATION = "databricks:index/externalLocation:ExternalLocation"
STORAGE_CREDENTIAL = "databricks:index/storageCredential:StorageCredential"
WORKSPACE_BINDING = "databricks:index/workspaceBinding:WorkspaceBinding"
SQL_ENDPOINT = "databricks:index/sqlEndpoint:SqlEndpoint"
CLUSTER_POLICY = "databricks:index/clusterPolicy:ClusterPolicy"
GRANTS = "databricks:index/grants:Grants"
GRANT = "databricks:index/grant:Grant"
PERMISSIONS = "databricks:index/permissions:Permissions"
RULE_SET = "databricks:index/accessControlRuleSet:AccessControlRuleSet"

GROUP = "databricks:index/group:Group"
SERVICE_PRINCIPAL = "databricks:index/servicePrincipal:ServicePrincipal"

STATEFUL = frozenset({CATALOG, SCHEMA, VOLUME, EXTERNAL_LOCATION, STORAGE_CREDENTIAL, GROUP, SERVICE_PRINCIPAL})
"""What holds data, what data cannot be reached without, and what members and secrets hang on that nobody declared."""
