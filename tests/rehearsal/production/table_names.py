"""What the compared tables are called, whichever store they are in."""

PATTERN_WAREHOUSES = ("elt_pipeline", "etl_pipeline")
LAKEHOUSE_PATTERN = "lakehouse_pipeline"
OBJECTS = "composable_resources"
