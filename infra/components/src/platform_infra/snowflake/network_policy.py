from collections.abc import Mapping
from typing import Any

import pulumi_snowflake as snowflake

from platform_infra.snowflake.arguments import NetworkPolicyArgs
from platform_infra.snowflake.snowflake_component import SnowflakeComponent


class NetworkPolicy(SnowflakeComponent[NetworkPolicyArgs]):
    """The networks that service users may come from."""

    type_token = "platform:snowflake:NetworkPolicy"  # noqa: S105 - a resource type, not a secret

    policy: snowflake.NetworkPolicy

    def declare(self, name: str, args: NetworkPolicyArgs) -> Mapping[str, Any]:
        """Make the policy; each user that it binds names it."""
        self.policy = snowflake.NetworkPolicy(
            name,
            name=args.name,
            comment=args.comment,
            allowed_ip_lists=list(args.allowed_cidrs),
            opts=self.child(provider=self.providers.security),
        )
        return {"name": self.policy.name}
