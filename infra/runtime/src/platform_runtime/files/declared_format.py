from typing import Literal, Self, override

from pydantic import Field, model_validator

from platform_runtime.declared_schema import DeclaredModel, JsonSchema, ResolvedModel, given, only_keys
from platform_runtime.files.file_format import CsvFormat, Encoding, FileFormat, JsonLinesFormat, ParquetFormat

_DIALECT = ("delimiter", "quote", "encoding", "null_tokens", "decimal_comma")


class DeclaredFormat(DeclaredModel, ResolvedModel, extra="forbid"):
    """How the files of a source are written, as `defs.yaml` says it; plain or compressed by their names."""

    type: Literal["csv", "json_lines", "parquet"] = Field(
        default="csv", description="csv with a header, json_lines (one object a line) or parquet.", examples=["parquet"]
    )
    delimiter: str = Field(
        default=",",
        json_schema_extra={"minLength": 1, "maxLength": 1},
        description="Of csv: the character between fields.",
        examples=[";"],
    )
    quote: str = Field(
        default='"',
        json_schema_extra={"maxLength": 1},
        description="Of csv: the character around fields; empty for none.",
        examples=["'"],
    )
    encoding: Encoding = Field(
        default="utf-8", description="Of csv: how characters are stored.", examples=["windows-1252"]
    )
    null_tokens: list[str] = Field(
        default_factory=list,
        description="Of csv: fields that mean null, quoted or not; an empty text means an empty field.",
        examples=[["NA", ""]],
    )
    decimal_comma: list[str] = Field(
        default_factory=list,
        description="Of csv: columns of numbers with a decimal comma; bronze holds them with a point.",
        examples=[["price"]],
    )

    @classmethod
    @override
    def schema_rules(cls) -> list[JsonSchema]:
        other = {"enum": ["json_lines", "parquet"]}
        return [given({"type": other}, only_keys(cls.model_fields, _DIALECT))]

    @property
    def file_format(self) -> FileFormat:
        """The format for the reader; without null tokens, no field of csv means null."""
        return self.file_format_with(())

    def file_format_with(self, null_tokens: tuple[str, ...]) -> FileFormat:
        """The format for the reader; `null_tokens` of csv are those, unless it says its own."""
        said = tuple(self.null_tokens) if "null_tokens" in self.model_fields_set else null_tokens
        if self.type == "json_lines":
            return JsonLinesFormat()
        if self.type == "parquet":
            return ParquetFormat(may_be_empty=False)
        return CsvFormat(self.delimiter, self.quote, self.encoding, said, tuple(self.decimal_comma))

    @model_validator(mode="after")
    def _check_dialect(self) -> Self:
        said = [name for name in _DIALECT if name in self.model_fields_set]
        if self.type != "csv" and said:
            raise ValueError(f"format: {', '.join(said)} is said of csv alone: leave it out of {self.type}")
        if self.type == "csv":
            # A dialect that cannot be is refused here, where the declaration is named, and not when files land.
            CsvFormat(self.delimiter, self.quote, self.encoding, tuple(self.null_tokens), ())
        return self
