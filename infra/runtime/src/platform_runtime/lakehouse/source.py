import re
from typing import Self

from pydantic import Field, model_validator

from platform_runtime.files.declared_format import DeclaredFormat
from platform_runtime.files.file_format import suffixes
from platform_runtime.lakehouse.columns import ColumnName, ColumnType, DecimalType, SourceColumn
from platform_runtime.lakehouse.declaration import Declaration, nearest
from platform_runtime.lakehouse.tables import BronzeTable
from platform_runtime.marks.marks import Marks


class Source[Check](Declaration):
    """Files of one kind, and the bronze table that keeps every row of them."""

    folder: str = Field(
        pattern=r"^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$",
        description="Folder under the landing folder or volume: the domain's, or one in it",
        examples=["tides"],
    )
    files: str = Field(
        description="Pattern of the file names, whatever their case; one that ends in .gz or .zst is decompressed",
        examples=["*.csv.gz"],
    )
    format: DeclaredFormat = Field(
        DeclaredFormat(),
        description="How they are written: csv and its dialect, json_lines or parquet",
        examples=[{"type": "json_lines"}],
    )
    columns: dict[ColumnName, str | SourceColumn] = Field(
        description="Description by column, in the order of the files; {description, pii: true} marks what is personal "
        "and with type: bigint what is no text in parquet",
        examples=[{"station": "Station, by the code of its airport", "name": {"description": "Name", "pii": True}}],
    )
    key: list[str] = Field(
        min_length=1,
        description="Columns that tell one thing observed from another",
        examples=[["station", "time_hour"]],
    )
    event_time: str = Field(
        "current_timestamp()",
        description="Databricks SQL over the columns: the instant of a row, null where it has none; left out of files "
        "that tell of things and not of times, whose rows belong to the period in which they were loaded",
        examples=["try_cast(time_hour AS TIMESTAMP)"],
    )
    bronze: BronzeTable[Check] = Field(
        description="The table that keeps every row of them",
        examples=[{"table": "tide_levels", "description": "Every row of every landed file, as it came."}],
    )

    @property
    def descriptions(self) -> dict[str, str]:
        """Description by column, in the order of the files."""
        said = self.columns.items()
        return {name: about if isinstance(about, str) else about.description for name, about in said}

    @property
    def types(self) -> dict[str, ColumnType | DecimalType]:
        """What bronze keeps each column as."""
        said = self.columns.items()
        return {name: about.type if isinstance(about, SourceColumn) else ColumnType.STRING for name, about in said}

    @property
    def marks(self) -> Marks:
        """The columns that are marked as personal."""
        said = self.columns.items()
        return Marks.of(name for name, about in said if isinstance(about, SourceColumn) and about.pii)

    @model_validator(mode="after")
    def _check_key(self) -> Self:
        known = tuple(self.columns)
        for column in self.key:
            if column not in known:
                raise ValueError(f"key: {column!r} is not one of the columns{nearest(column, known)}")
        return self

    @model_validator(mode="after")
    def _check_files(self) -> Self:
        endings = suffixes(self.format.file_format)
        said = re.split(r"[]*?]", self.files)[-1].lower()
        if not any(ending.endswith(said) or said.endswith(ending) for ending in endings):
            raise ValueError(
                f"files: {self.files!r} fits no file of the format {self.format.type}, whose names end in "
                f"{', '.join(endings)}: change files, or the type of format"
            )
        return self

    @model_validator(mode="after")
    def _check_decimal_comma(self) -> Self:
        known = tuple(self.columns)
        for column in self.format.decimal_comma:
            if column not in known:
                raise ValueError(f"format: decimal_comma: {column!r} is not one of the columns{nearest(column, known)}")
        return self

    @model_validator(mode="after")
    def _check_types(self) -> Self:
        typed = [name for name, kind in self.types.items() if kind is not ColumnType.STRING]
        if typed and self.format.type != "parquet":
            raise ValueError(
                f"columns: {', '.join(typed)}: type is said of parquet alone, bronze holds the text of "
                f"{self.format.type}: leave type out"
            )
        for name in typed:
            if self.types[name] is ColumnType.INT:
                raise ValueError(f"columns: {name}: integers of parquet are kept as bigint: say type: bigint")
        return self
