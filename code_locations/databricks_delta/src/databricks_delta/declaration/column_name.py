from typing import Annotated

from pydantic import Field

ColumnName = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_]*$")]
"""A column that someone declares: Delta takes no spaces or commas, and a leading underscore marks our own columns."""
