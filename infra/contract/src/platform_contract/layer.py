from enum import StrEnum


class Layer(StrEnum):
    """A layer of the medallion, in the order in which data passes through; the value is its schema and asset group."""

    RAW = "raw"
    BRONZE = "bronze"
    SILVER = "silver"
    GOLD = "gold"
