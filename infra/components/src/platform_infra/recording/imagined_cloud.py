import zlib
from collections.abc import Mapping
from typing import Any


def application_id(display_name: str) -> str:
    """The application id that the imagined cloud gives a service principal."""
    return f"application of {display_name}"


def policy_id(name: str) -> str:
    """The id that the imagined cloud gives a budget policy."""
    return f"policy of {name}"


def account_id(logical_name: str) -> str:
    """The numeric id that the imagined cloud gives to what has one."""
    return str(zlib.crc32(logical_name.encode()))


def imagined_cloud(type_token: str, inputs: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a cloud adds to what it is given, as far as programs use it; each value tells where it comes from."""
    match type_token.rpartition(":")[2]:
        case "ServicePrincipal":
            name = inputs["displayName"]
            return {"id": account_id(name), "applicationId": application_id(name)}
        case "BudgetPolicy" if "policyName" in inputs:
            return {"policyId": policy_id(inputs["policyName"])}
        case "SqlEndpoint":
            return {"odbcParams": {"hostname": "host of the workspace", "path": f"path of {inputs['name']}"}}
        case "StorageCredential" if "awsIamRole" in inputs:
            made = {"externalId": "external id", "unityCatalogIamArn": "principal of Unity Catalog"}
            return {"awsIamRole": {**inputs["awsIamRole"], **made}}
        case "StorageCredential" if "databricksGcpServiceAccount" in inputs:
            return {"databricksGcpServiceAccount": {"email": "service account of Unity Catalog"}}
    return {}
