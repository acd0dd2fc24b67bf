import uuid

from tests.fakes.pulumi_provider.databricks.account import ApiSession, Level
from tests.fakes.pulumi_provider.databricks.databricks_kind import DatabricksKind
from tests.fakes.pulumi_provider.databricks.tokens import (
    FEDERATION_POLICY,
    GROUP,
    GROUP_MEMBER,
    PERMISSION_ASSIGNMENT,
    SERVICE_PRINCIPAL,
    SERVICE_PRINCIPAL_SECRET,
)
from tests.fakes.pulumi_provider.inventory import CloudObject
from tests.fakes.pulumi_provider.property_values import Properties
from tests.fakes.pulumi_provider.refusal import CloudError

# What a test looks for in a state that should not show it.
SECRET_MARK = "dose-of-the-fake"  # noqa: S105 - no secret


class Member(DatabricksKind):
    """A group or principal: the account's, or, made through a workspace, known to that workspace alone."""

    def identity(self, inputs: Properties) -> str:
        return str(70_000 + self.account.number())

    def admit(self, session: ApiSession, inputs: Properties) -> None:
        if not inputs.get("force"):
            self.require_unique(inputs, "displayName", None)

    def admit_change(self, session: ApiSession, found: CloudObject, inputs: Properties) -> None:
        self.require_unique(inputs, "displayName", found)


class Group(Member):
    """A group."""

    token = GROUP
    computed = ("aclPrincipalId", "url")

    def outputs(self, inputs: Properties, session: ApiSession) -> Properties:
        name = inputs["displayName"]
        return {"aclPrincipalId": f"groups/{name}", "url": f"https://accounts.example/groups/{name}"}


class ServicePrincipal(Member):
    """A machine's identity: two may have one name, and each has ids of its own.

    In the account deleting the resource deactivates the principal and leaves it there, unless it says
    `disableAsUserDeletion: false` (scim/resource_service_principal.go of terraform-provider-databricks).
    """

    token = SERVICE_PRINCIPAL
    computed = ("aclPrincipalId", "applicationId", "home", "repos")

    def outputs(self, inputs: Properties, session: ApiSession) -> Properties:
        application = str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{self.account.number()}.{inputs['displayName']}.example"))
        return {
            "aclPrincipalId": f"servicePrincipals/{application}",
            "applicationId": application,
            "home": f"/Users/{application}",
            "repos": f"/Repos/{application}",
        }

    def admit(self, session: ApiSession, inputs: Properties) -> None:
        """Any name will do."""

    def admit_change(self, session: ApiSession, found: CloudObject, inputs: Properties) -> None:
        """Any name will do."""

    def retires(self, found: CloudObject, session: ApiSession) -> bool:
        if session.level is not Level.ACCOUNT or found.attributes.get("disableAsUserDeletion") is False:
            return False
        found.attributes["active"] = False
        return True


class GroupMember(DatabricksKind):
    """A principal's or group's place in a group."""

    token = GROUP_MEMBER

    def identity(self, inputs: Properties) -> str:
        return f"{inputs['groupId']}|{inputs['memberId']}"

    def admit(self, session: ApiSession, inputs: Properties) -> None:
        self.account.require(GROUP, inputs["groupId"])
        if self._member(inputs) is None:
            raise CloudError(f"member '{inputs['memberId']}' does not exist")

    def exists(self, found: CloudObject) -> bool:
        return self.account.find(GROUP, found.attributes["groupId"]) is not None and bool(
            self._member(found.attributes)
        )

    def _member(self, inputs: Properties) -> CloudObject | None:
        return self.account.find(SERVICE_PRINCIPAL, inputs["memberId"]) or self.account.find(GROUP, inputs["memberId"])


class ServicePrincipalSecret(DatabricksKind):
    """A secret of a principal, told once."""

    token = SERVICE_PRINCIPAL_SECRET
    computed = ("secret", "secretHash", "status")

    def identity(self, inputs: Properties) -> str:
        return f"secret-{self.account.number()}"

    def outputs(self, inputs: Properties, session: ApiSession) -> Properties:
        return {"secret": f"{SECRET_MARK}-{self.account.number()}", "secretHash": "0f1e2d", "status": "ACTIVE"}

    def admit(self, session: ApiSession, inputs: Properties) -> None:
        self.account.require(SERVICE_PRINCIPAL, str(inputs["servicePrincipalId"]))


class FederationPolicy(DatabricksKind):
    """Lets tokens of another issuer sign in as a principal; an API of the account."""

    token = FEDERATION_POLICY
    computed = ("createTime", "name", "policyId", "uid", "updateTime")

    def identity(self, inputs: Properties) -> str:
        return f"{inputs.get('servicePrincipalId')},policy-{self.account.number()}"

    def outputs(self, inputs: Properties, session: ApiSession) -> Properties:
        number = self.account.number()
        made = "2026-01-01T00:00:00Z"
        return {
            "createTime": made,
            "name": f"policy-{number}",
            "policyId": f"policy-{number}",
            "uid": str(number),
            "updateTime": made,
        }

    def admit(self, session: ApiSession, inputs: Properties) -> None:
        self.require_level(session, Level.ACCOUNT)
        self.account.require(SERVICE_PRINCIPAL, str(inputs.get("servicePrincipalId")))
        policy = inputs.get("oidcPolicy", {})
        if not policy.get("issuer") or not policy.get("subject"):
            raise CloudError(
                "a federation policy of a service principal needs oidcPolicy.issuer and oidcPolicy.subject"
            )


class PermissionAssignment(DatabricksKind):
    """Lets a group or principal of the account into a workspace; an API of the account."""

    token = PERMISSION_ASSIGNMENT
    unordered = frozenset({"permissions"})

    def identity(self, inputs: Properties) -> str:
        return f"{inputs['workspaceId']}|{inputs['principalId']}"

    def admit(self, session: ApiSession, inputs: Properties) -> None:
        self.require_level(session, Level.ACCOUNT)
        if inputs["workspaceId"] not in self.account.workspaces.values():
            raise CloudError(f"workspace {inputs['workspaceId']} does not exist")
        if not any(self.account.find(token, inputs["principalId"]) for token in (GROUP, SERVICE_PRINCIPAL)):
            raise CloudError(f"principal {inputs['principalId']} does not exist in the account")
        unknown = set(inputs["permissions"]) - {"USER", "ADMIN"}
        if unknown:
            raise CloudError(f"unknown workspace permissions {', '.join(sorted(unknown))}")
