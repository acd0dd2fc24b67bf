from typing import Self

from pydantic import Field, model_validator

from databricks_delta.declaration.column_name import ColumnName
from databricks_delta.declaration.declaration import Declaration, nearest


class Source(Declaration):
    """The files that bronze is made of."""

    folder: str = Field(pattern=r"^[A-Za-z0-9_-]+$", description="Folder under the landing folder or volume")
    files: str = Field(description="Pattern of the file names; a name that ends in .gz is decompressed")
    columns: dict[ColumnName, str] = Field(description="Description by column, in the order of the files")
    key: list[str] = Field(min_length=1, description="Columns that tell one thing observed from another")
    event_time: str = Field(description="Databricks SQL over the columns: the instant of a row, null where it has none")

    @model_validator(mode="after")
    def _check_key(self) -> Self:
        known = tuple(self.columns)
        for column in self.key:
            if column not in known:
                raise ValueError(f"key: {column!r} is not one of the columns{nearest(column, known)}")
        return self
