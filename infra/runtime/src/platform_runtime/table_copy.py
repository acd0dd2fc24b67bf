from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import dagster as dg


@dataclass(frozen=True, slots=True)
class TableCopy:
    """A table that has been cloned.

    Attributes:
        source: the table that it is a copy of.
        version: which state of that table it is.
        rows: how many rows it holds.
        rows_by_partition: the rows of each partition that it holds; None for an asset without partitions.
        metadata: what else a materialisation of the asset says.
    """

    source: str
    version: str
    rows: int
    rows_by_partition: Mapping[str, int] | None
    metadata: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TableToClone:
    """One table of a clone.

    Attributes:
        key: the asset that the table is.
        pool: the pool whose slot a writer of the table needs, where there is one.
        clone: copies it whole or not at all, for the run of that id; None where the source has no such table.
    """

    key: dg.AssetKey
    pool: str | None
    clone: Callable[[str], TableCopy | None]


@dataclass(frozen=True, slots=True)
class StepAfterwards:
    """What a clone does once every table is there, such as building views over them."""

    name: str
    pool: str | None
    do: Callable[[], None]
