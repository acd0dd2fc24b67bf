from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_snowflake as snowflake

from platform_infra.snowflake.arguments import DatabaseArgs, SchemaArgs
from platform_infra.snowflake.identifiers import quoted
from platform_infra.snowflake.snowflake_component import SnowflakeComponent

# As the landing files are written: a header, double quotes where needed, gzip or not.
_CSV = {
    "compression": "AUTO",
    "encoding": "UTF8",
    "field_delimiter": ",",
    "field_optionally_enclosed_by": '"',
    "skip_header": 1,
    "error_on_column_count_mismatch": "true",
}


class Database(SnowflakeComponent[DatabaseArgs]):
    """A database, its schemas by name, and their landing stages."""

    type_token = "platform:snowflake:Database"  # noqa: S105 - a resource type, not a secret

    database: snowflake.Database
    schemas: dict[str, snowflake.Schema]
    stages: dict[str, snowflake.StageInternal]

    def declare(self, name: str, args: DatabaseArgs) -> Mapping[str, Any]:
        """Make the database, then what is in it."""
        self.database = snowflake.Database(
            name,
            name=args.name,
            comment=args.comment,
            is_transient=args.transient,
            data_retention_time_in_days=args.retention_days,
            drop_public_schema_on_creation=True,
            opts=self._stateful(),
        )
        self.schemas = {schema.name: self._schema(name, schema) for schema in args.schemas}
        self.stages = {
            schema.name: self._stage(name, schema, schema.stage) for schema in args.schemas if schema.stage is not None
        }
        return {"name": self.database.name, "schemas": [schema.name for schema in self.schemas.values()]}

    def schema_id(self, schema: str) -> pulumi.Output[str]:
        """The schema's identifier, `"RAW"."<SCHEMA>"`, known at preview."""
        return pulumi.Output.all(self.database.name, self.schemas[schema].name).apply(lambda parts: quoted(*parts))

    def stage_id(self, schema: str) -> pulumi.Output[str]:
        """The landing stage's identifier, `"RAW"."<SCHEMA>"."LANDING"`, known at preview."""
        stage = self.stages[schema]
        return pulumi.Output.all(stage.database, stage.schema, stage.name).apply(lambda parts: quoted(*parts))

    def _schema(self, name: str, schema: SchemaArgs) -> snowflake.Schema:
        return snowflake.Schema(
            f"{name}.{schema.name.lower()}",
            database=self.database.name,
            name=schema.name,
            comment=schema.comment,
            is_transient=_flag(schema.transient),
            with_managed_access=_flag(True),
            data_retention_time_in_days=schema.retention_days,
            opts=self._stateful(),
        )

    def _stage(self, name: str, schema: SchemaArgs, stage: str) -> snowflake.StageInternal:
        return snowflake.StageInternal(
            f"{name}.{schema.name.lower()}.{stage.lower()}",
            database=self.database.name,
            schema=self.schemas[schema.name].name,
            name=stage,
            comment=schema.comment,
            file_format={"csv": _CSV},
            opts=self._stateful(),
        )

    def _stateful(self) -> pulumi.ResourceOptions:
        return self.child(provider=self.providers.objects, protect=self.args.protect)


def _flag(value: bool) -> str:
    """The provider takes these two as text, so that "not stated" is a third value."""
    return "true" if value else "false"
