"""Every format that can be declared, from its files to bronze and, of CSV, to silver and its checks, here."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from databricks_delta.lakehouse.arrow_types import arrow_type
from deltalake import DeltaTable, write_deltalake

from tests.code_locations.databricks_delta.formats.landed_files import CSV, DEFS, JSON, SQL, WANTED, parquet
from tests.code_locations.databricks_delta.lakehouse_under_test import (
    LakehouseUnderTest,
    declare,
    evaluations,
    lakehouse_of,
    refusal,
)
from tests.code_locations.databricks_delta.readings import utc
from tests.platform_domains import declared_domains

LANDED = utc(2024, 4, 1, 0)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with declared_domains(tmp_path, "shapes"):
        yield declare(tmp_path / "defs", "shapes", DEFS, SQL)


@pytest.fixture
def shapes(folder: Path) -> Iterator[LakehouseUnderTest]:
    with lakehouse_of("shapes", folder) as lakehouse:
        lakehouse.land("csv/a.csv.gz", gzip.compress(CSV), LANDED)
        lakehouse.land("json/a.jsonl", JSON, LANDED)
        lakehouse.land("parquet/a.parquet", parquet(), LANDED)
        yield lakehouse


def _arrived(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    own = {"_source_file", "_source_sha256", "_source_modified_at", "_ingested_at"}
    kept = [{name: value for name, value in row.items() if name not in own} for row in rows]
    return sorted(kept, key=lambda row: (row["_month"], str(row["at"])))


def test_bronze_holds_text_as_it_stands_and_what_parquet_is_typed_as(shapes: LakehouseUnderTest) -> None:
    shapes.run(list(WANTED), "2024-01", "2024-03")
    assert {table: _arrived(shapes.rows(table)) for table in WANTED} == WANTED


def test_nulls_and_columns_named_like_words_of_sql_pass_through_every_check(shapes: LakehouseUnderTest) -> None:
    result = shapes.run(("bronze.order", "silver.order", "silver.rejected"), "2024-01", "2024-03")
    assert {name: check.description for name, check in evaluations(result).items() if not check.passed} == {}
    assert [row["level"] for row in shapes.rows("silver.order")] == [-1.5]
    rejected = {(row["_month"], row["_rejection_reason"]) for row in shapes.rows("silver.rejected")}
    assert rejected == {("2024-02", "no level"), ("2024-02", "no name"), ("unreadable", "no time")}


def test_a_parquet_column_of_another_type_is_refused_with_what_to_declare(folder: Path) -> None:
    file = folder / "shapes" / "defs.yaml"
    file.write_text(DEFS.replace("{ type: bigint, description: Number }", "Number"), encoding="utf-8")
    with lakehouse_of("shapes", folder) as lakehouse:
        lakehouse.land("parquet/a.parquet", parquet(), LANDED)
        source = lakehouse.blueprint.sources[2]
        (problem,) = lakehouse.lakehouse.ingest(source.bronze, source.landing).problems
    assert str(problem) == (
        "a.parquet, column 'n': holds bigint, where string is declared; declare n: {type: bigint} in defs.yaml, or "
        "send the file with string"
    )


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("level: Height in metres }", "level: { type: double, description: Height } }", "said of parquet alone"),
        ("{ type: bigint, desc", "{ type: int, desc", "n: integers of parquet are kept as bigint: say type: bigint"),
        (
            'files: "*.parquet"',
            'files: "*.CSV"',
            "fits no file of the format parquet, whose names end in .parquet",
        ),
        ("decimal(12, 2)", "decimal(40, 2)", "a decimal has 1 to 38 digits"),
        ("decimal_comma: [level]", "decimal_comma: [levle]", "decimal_comma: 'levle' is not one of the columns"),
    ],
)
def test_a_declaration_that_cannot_be_is_refused(folder: Path, old: str, new: str, why: str) -> None:
    assert old in DEFS
    (folder / "shapes" / "defs.yaml").write_text(DEFS.replace(old, new, 1), encoding="utf-8")
    assert why in refusal(folder)


def test_a_table_that_an_earlier_release_made_without_nulls_takes_them(shapes: LakehouseUnderTest) -> None:
    source = shapes.blueprint.sources[1]
    path = shapes.paths.lakehouse / "shapes_bronze" / "json"
    strict = pa.schema([pa.field(one.name, arrow_type(one.type), nullable=False) for one in source.bronze.columns])
    DeltaTable.create(path, strict, partition_by=["_month"], configuration=source.bronze.properties)
    old = dict.fromkeys(strict.names, "old") | {"_source_modified_at": LANDED, "_ingested_at": LANDED}
    write_deltalake(path, pa.Table.from_pylist([old], schema=strict), mode="append")
    assert len(shapes.lakehouse.ingest(source.bronze, source.landing).loaded) == 1
    assert {row["order"] for row in shapes.rows("bronze.json")} == {None, "[]", "old", '{"a":[1,2.50,null],"ü":true}'}
