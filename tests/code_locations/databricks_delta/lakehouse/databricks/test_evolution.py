"""Tables that are not as they are declared: what is safe follows the declaration, the rest is refused."""

import json
from dataclasses import replace

import pytest
from databricks_delta.lakehouse.databricks.declared_properties import declared_properties
from databricks_delta.lakehouse.databricks.evolution import check_shape, evolution, keeps_folders
from databricks_delta.lakehouse.databricks.stored_table import StoredColumn, StoredTable, same_condition
from databricks_delta.lakehouse.errors import LakehouseError
from databricks_delta.lakehouse.table import Column, ColumnType, LakehouseTable, period_column
from platform_contract.layer import Layer
from platform_runtime.lakehouse.granularity import Granularity
from platform_runtime.marks.marks import NO_MARKS

MONTH = period_column(Granularity.MONTH)
STATION = Column("station", ColumnType.STRING, "Station", nullable=False)
READINGS = Column("readings", ColumnType.BIGINT, "Readings", nullable=True)
RAIN = Column("rain", ColumnType.DOUBLE, "Rain", nullable=False)
TABLE = LakehouseTable(
    layer=Layer.GOLD,
    granularity=Granularity.MONTH,
    schema="gold",
    name="daily",
    description="A day in one row",
    columns=(STATION, READINGS, MONTH),
    clustering=("station",),
    liquid=False,
    constraints={"Counted": "readings > 0"},
    retention_days=14,
    marks=NO_MARKS,
)
STORED = StoredTable(
    comment="A day in one row",
    columns=tuple(StoredColumn(column.name, column.type.value, column.description) for column in TABLE.columns),
    partitioned_by=("_month",),
    clustered_by=(),
    properties=declared_properties(TABLE) | {"delta.constraints.counted": "( readings > 0 )"},
)


def test_a_table_that_is_as_declared_is_left_alone() -> None:
    check_shape(STORED, TABLE)
    assert evolution(STORED, TABLE) == []


def test_comments_constraints_and_properties_follow_the_declaration() -> None:
    declared = replace(
        TABLE,
        description="It's a day",
        columns=(replace(STATION, description="Code"), READINGS, MONTH),
        constraints={"counted": "readings > 1", "known": "station <> ''"},
        retention_days=21,
    )
    check_shape(STORED, declared)
    *changes, properties = evolution(STORED, declared)
    assert changes == [
        "COMMENT ON TABLE gold.daily IS 'It\\'s a day'",
        "ALTER TABLE gold.daily ALTER COLUMN `station` COMMENT 'Code'",
        "ALTER TABLE gold.daily DROP CONSTRAINT IF EXISTS `counted`",
        "ALTER TABLE gold.daily ADD CONSTRAINT `counted` CHECK (readings > 1)",
        "ALTER TABLE gold.daily ADD CONSTRAINT `known` CHECK (station <> '')",
    ]
    assert properties.startswith("ALTER TABLE gold.daily SET TBLPROPERTIES (")
    assert "'delta.logRetentionDuration' = 'interval 21 days'" in properties


def test_a_constraint_that_is_no_longer_declared_goes() -> None:
    statements = evolution(STORED, replace(TABLE, constraints={}))
    assert statements == ["ALTER TABLE gold.daily DROP CONSTRAINT IF EXISTS `counted`"]


def test_a_new_column_stands_where_it_is_declared_and_may_be_null() -> None:
    declared = replace(TABLE, columns=(STATION, RAIN, READINGS, MONTH))
    check_shape(STORED, declared)
    added, moved, properties = evolution(STORED, declared)
    assert added == "ALTER TABLE gold.daily ADD COLUMNS (`rain` DOUBLE COMMENT 'Rain')"
    assert moved == "ALTER TABLE gold.daily ALTER COLUMN `rain` AFTER `station`"
    assert '"rain": false' in properties


def test_columns_are_put_in_the_declared_order() -> None:
    declared = replace(TABLE, columns=(READINGS, STATION, MONTH))
    assert evolution(STORED, declared)[0] == "ALTER TABLE gold.daily ALTER COLUMN `readings` FIRST"


def test_a_column_may_become_nullable_and_not_the_reverse() -> None:
    looser = replace(TABLE, columns=(replace(STATION, nullable=True), READINGS, MONTH))
    assert evolution(STORED, looser)[0] == "ALTER TABLE gold.daily ALTER COLUMN `station` DROP NOT NULL"
    tighter = replace(TABLE, columns=(STATION, replace(READINGS, nullable=False), MONTH))
    with pytest.raises(LakehouseError, match="its column readings may hold nulls, declared nullable: false"):
        check_shape(STORED, tighter)


@pytest.mark.parametrize(
    ("stored", "fault"),
    [
        (replace(STORED, columns=STORED.columns[1:]), "someone dropped its column station"),
        (
            replace(STORED, columns=STORED.columns[1:], properties={}),
            "someone dropped its column station",
        ),
        (
            replace(STORED, columns=(*STORED.columns, StoredColumn("extra", "string", ""))),
            "it has a column extra, which is not declared",
        ),
        (
            replace(STORED, columns=(StoredColumn("station", "int", "Station"), *STORED.columns[1:])),
            "its column station is int, declared string",
        ),
        (replace(STORED, partitioned_by=()), "it is partitioned by (), declared (_month)"),
        (
            replace(STORED, partitioned_by=(), clustered_by=("station",)),
            "it has liquid clustering, declared a folder for each period",
        ),
        (
            replace(STORED, properties={**STORED.properties, "delta.columnMapping.mode": "name"}),
            "someone turned column mapping on",
        ),
    ],
)
def test_a_table_of_another_shape_is_refused_with_what_to_do(stored: StoredTable, fault: str) -> None:
    with pytest.raises(LakehouseError) as refused:
        check_shape(stored, TABLE)
    todo, found = str(refused.value).splitlines()
    assert todo.startswith(
        "Bring gold.daily and its declaration in defs.yaml together: restore its version from before"
    )
    assert found.startswith("Nothing was written: ")
    assert fault in found


def test_a_column_that_is_new_in_the_declaration_was_not_dropped_by_anyone() -> None:
    remembers = {"platform.declaredColumns": json.dumps({"station": False, "_month": False})}
    stored = replace(
        STORED, columns=(STORED.columns[0], STORED.columns[2]), properties={**STORED.properties, **remembers}
    )
    check_shape(stored, TABLE)
    assert any("ADD COLUMNS (`readings`" in statement for statement in evolution(stored, TABLE))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("readings > 0", "( readings > 0 )", True),
        ("length(a)>0", "length ( a ) > 0", True),
        ("readings > 0", "readings >= 0", False),
    ],
)
def test_conditions_are_compared_by_what_they_say(one: str, other: str, same: bool) -> None:
    assert same_condition(one, other) is same


def test_a_table_with_folders_is_left_as_it_lies_where_it_is_declared_without() -> None:
    liquid = replace(TABLE, liquid=True)
    check_shape(STORED, liquid)
    assert keeps_folders(STORED, liquid)
    assert evolution(STORED, liquid) == []
    # Folders of something else would let no month be replaced by itself.
    with pytest.raises(LakehouseError, match=r"it is partitioned by \(station\), declared \(\)"):
        check_shape(replace(STORED, partitioned_by=("station",)), liquid)


@pytest.mark.parametrize("clustered_by", [(), ("station",)])
def test_liquid_clustering_follows_the_declaration(clustered_by: tuple[str, ...]) -> None:
    liquid = replace(TABLE, liquid=True)
    stored = replace(STORED, partitioned_by=(), clustered_by=clustered_by)
    check_shape(stored, liquid)
    assert evolution(stored, liquid) == ["ALTER TABLE gold.daily CLUSTER BY (`_month`, `station`)"]
    assert evolution(replace(stored, clustered_by=("_month", "station")), liquid) == []
