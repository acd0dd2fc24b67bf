from typing import Literal

from pydantic import Field

from databricks_delta.declaration.declaration import Declaration


class Plot(Declaration):
    """A picture of a table, drawn whenever it is materialised."""

    title: str
    x: str = Field(description="Column of dates or times")
    y: str = Field(description="Column of numbers")
    series: str = Field(description="Column whose every value gets a colour of its own")
    label: str = Field(description="What the y axis shows, with its unit")
    marks: Literal["line", "points"]
