from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_snowflake as snowflake

from platform_infra.snowflake.admin_providers import AdminProviders
from platform_infra.snowflake.arguments import LabelTagsArgs
from platform_infra.snowflake.database import Database
from platform_infra.snowflake.identifiers import quoted
from platform_infra.snowflake.privilege import ObjectType
from platform_infra.snowflake.snowflake_component import SnowflakeComponent
from platform_infra.snowflake.warehouse import Warehouse


class LabelTags(SnowflakeComponent[LabelTagsArgs]):
    """The labels as tags: what a database carries, its schemas and tables inherit."""

    type_token = "platform:snowflake:LabelTags"  # noqa: S105 - a resource type, not a secret

    schema: snowflake.Schema
    tags: dict[str, snowflake.Tag]
    associations: list[snowflake.TagAssociation]

    def __init__(
        self,
        name: str,
        args: LabelTagsArgs,
        *,
        databases: Mapping[str, Database],
        warehouses: Mapping[str, Warehouse],
        providers: AdminProviders,
        parent: pulumi.Resource,
    ) -> None:
        self._databases = databases
        self._warehouses = warehouses
        super().__init__(name, args, providers, parent)

    def declare(self, name: str, args: LabelTagsArgs) -> Mapping[str, Any]:
        """Make the schema, the tags in it, and put each on databases and warehouses."""
        self.schema = snowflake.Schema(
            name,
            database=self._databases[args.database].database.name,
            name=args.schema,
            comment=args.comment,
            with_managed_access="true",
            opts=self.child(provider=self.providers.objects, protect=args.protect),
        )
        self.tags = {tag: self._tag(name, tag) for tag in args.values}
        databases = [self._databases[key].database.name for key in args.databases]
        warehouses = [self._warehouses[key].warehouse.name for key in args.warehouses]
        self.associations = [
            self._associate(name, tag, on, [one.apply(quoted) for one in names])
            for tag in args.values
            for on, names in ((ObjectType.DATABASE, databases), (ObjectType.WAREHOUSE, warehouses))
        ]
        return {"schema": self.schema.name, "tags": list(self.tags)}

    def _tag(self, name: str, tag: str) -> snowflake.Tag:
        return snowflake.Tag(
            f"{name}.{tag.lower()}",
            database=self.schema.database,
            schema=self.schema.name,
            name=tag,
            comment=self.args.comment,
            opts=self.child(provider=self.providers.objects),
        )

    def _associate(
        self, name: str, tag: str, on: ObjectType, identifiers: list[pulumi.Output[str]]
    ) -> snowflake.TagAssociation:
        made = self.tags[tag]
        return snowflake.TagAssociation(
            f"{name}.{tag.lower()}.{on.lower()}",
            object_identifiers=identifiers,
            object_type=on,
            tag_id=pulumi.Output.all(made.database, made.schema, made.name).apply(lambda parts: quoted(*parts)),
            tag_value=self.args.values[tag],
            # Setting a tag on warehouses and databases alike takes authority over both.
            opts=self.child(provider=self.providers.account),
        )
