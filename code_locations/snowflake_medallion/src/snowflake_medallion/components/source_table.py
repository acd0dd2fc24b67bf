from typing import Annotated, override

import dagster as dg
from platform_contract.domain import Domain
from platform_runtime.declared_schema import JsonSchema, ResolvedModel, says
from platform_runtime.files.declared_format import DeclaredFormat
from platform_runtime.files.file_format import FileFormat, ParquetFormat
from pydantic import Field

from snowflake_medallion.raw_table import RawTable, Versions

_TYPE = r"^(bigint|double|boolean|date|datetime|binary|decimal\(\d{1,2}, \d{1,2}\))$"
_Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


class SourceTable(dg.Model, ResolvedModel):
    """A table that is loaded from files as they land: a raw table, which dbt reads as a source."""

    name: _Name = Field(description="Its name in the domain's schema for raw tables.", examples=["orders"])
    files: str | None = Field(
        None,
        pattern=r"^[a-z0-9_]+(/[a-z0-9_]+)*$",
        description="Folder in the domain's landing folder where its files arrive; by default the table's name.",
        examples=["till/orders"],
    )
    columns: list[str] = Field(
        min_length=1, description="The columns of its files, in any order there.", examples=[["id", "ordered_at"]]
    )
    key: list[str] = Field(
        min_length=1, description="The columns that tell the rows of one file apart.", examples=[["id"]]
    )

    format: DeclaredFormat = Field(
        DeclaredFormat(),
        description="How its files are written; of csv an empty field is null, unless null_tokens says otherwise.",
        examples=[{"delimiter": ";", "encoding": "windows-1252"}],
    )
    types: dict[str, Annotated[str, Field(pattern=_TYPE)]] = Field(
        default_factory=dict,
        description="Of parquet: the types of columns that are no text: bigint, double, boolean, date, datetime (UTC), "
        "decimal(p, s) or binary.",
        examples=[{"id": "bigint"}],
    )
    versions: Versions = Field(
        Versions.ALL,
        description="Of a file that arrives anew under its name: all, each content once, or the latest alone.",
        examples=["latest"],
    )
    published_from: str | None = Field(
        None,
        pattern=r"^[a-z0-9_]+(/[a-z0-9_]+)+$",
        description="Key of the asset that hands over its files, where another domain publishes them.",
        examples=["sea/silver/levels"],
    )

    @classmethod
    @override
    def schema_rules(cls) -> list[JsonSchema]:
        parquet = says({"format": says({"type": {"const": "parquet"}})})
        return [{"if": parquet, "else": {"properties": {"types": {"maxProperties": 0}}}}]

    def of(self, domain: Domain) -> RawTable:
        """The table of a domain.

        Raises:
            DagsterInvalidDefinitionError: when its key is not among its columns, or a column is there twice.
        """
        unknown = [column for column in self.key if column not in self.columns]
        twice = sorted({column for column in self.columns if self.columns.count(column) > 1})
        typed = [column for column in self.types if column not in self.columns]
        typed += [column for column in self.format.decimal_comma if column not in self.columns]
        if unknown or twice or typed or (self.types and self.format.type != "parquet"):
            fault = self._fault(unknown, twice, typed)
            raise dg.DagsterInvalidDefinitionError(f"tables: {self.name}: {fault}; mend it in defs.yaml")
        return RawTable(
            domain=domain,
            name=self.name,
            folder=self.files or self.name,
            columns=tuple(self.columns),
            key=tuple(self.key),
            format=self._file_format(),
            types=self.types,
            versions=self.versions,
            published_from=self.published_from,
        )

    def _file_format(self) -> FileFormat:
        # A period that has no rows any more is published as a file without rows.
        if self.format.type == "parquet":
            return ParquetFormat(may_be_empty=self.versions is Versions.LATEST)
        return self.format.file_format_with(null_tokens=("",))

    def _fault(self, unknown: list[str], twice: list[str], typed: list[str]) -> str:
        if unknown:
            return f"key names {', '.join(unknown)}, no column"
        if twice:
            return f"{', '.join(twice)} is there twice"
        return (
            f"types or decimal_comma names {', '.join(typed)}, no column"
            if typed
            else "types are kept of parquet alone"
        )


def raw_tables(domain: Domain, tables: list[SourceTable]) -> list[RawTable]:
    """The raw tables that a domain declares.

    Raises:
        DagsterInvalidDefinitionError: when there is none, or two of them have a name or a landing folder in common.
    """
    found = [table.of(domain) for table in tables]
    if not found:
        raise dg.DagsterInvalidDefinitionError("tables: none is declared; name what files bring")
    for number, table in enumerate(found):
        for other in found[:number]:
            _refuse_shared(table, other)
    return found


def _refuse_shared(table: RawTable, other: RawTable) -> None:
    if table.name == other.name:
        raise dg.DagsterInvalidDefinitionError(f"tables: {table.name} is declared twice; rename one")
    folders = (f"{table.folder}/", f"{other.folder}/")
    if folders[0].startswith(folders[1]) or folders[1].startswith(folders[0]):
        raise dg.DagsterInvalidDefinitionError(
            f"tables: {other.name} and {table.name} would both load what lands in {max(folders, key=len)}; "
            "give each `files` of its own"
        )
