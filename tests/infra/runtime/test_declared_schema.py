"""What a schema can know of a declaration, it says: in one line, of one key, wherever the declaration is refused."""

import inspect
from pathlib import Path
from typing import Any

import pytest
import yaml
from architecture_patterns.defs.composable_resources.component import ComposableResources
from architecture_patterns.defs.elt_pipeline.component import EltPipeline
from architecture_patterns.defs.etl_pipeline.component import EtlPipeline
from architecture_patterns.defs.lakehouse_pipeline.component import LakehousePipeline
from dagster_dbt import DbtProjectComponent
from databricks_delta.components import LakehouseComponent
from jsonschema import Draft202012Validator
from platform_contract.local_paths import checkout
from pydantic import BaseModel, TypeAdapter, ValidationError
from snowflake_medallion.components import MedallionComponent

LOCATIONS = checkout(Path(__file__)) / "code_locations"
COMPONENTS = (
    LakehouseComponent,
    MedallionComponent,
    EtlPipeline,
    EltPipeline,
    LakehousePipeline,
    ComposableResources,
)
LAKEHOUSE = LOCATIONS / "databricks_delta/src/databricks_delta/defs/weather/defs.yaml"
MEDALLION = LOCATIONS / "snowflake_medallion/src/snowflake_medallion/defs/shop/defs.yaml"
CHECK_TYPES = "'not_null', 'unique', 'accepted_range', 'row_conservation', 'volume', 'freshness', 'periods_covered'"
COLUMN_TYPES = "string|boolean|int|bigint|double|date|timestamp|timestamp_ntz|binary"
TEMP_C = "temp_c: { type: double,"
FILES = 'files: "*.csv.gz"'

# What is written instead of what, and what is said: where, and in which words.
LAKEHOUSE_FAULTS = [
    (
        "row_conservation }",
        "row_conservaton }",
        "tables.0.checks.2.type",
        f"'row_conservaton' is not one of [{CHECK_TYPES}]",
    ),
    ("{ type: row_conservation }", "{ name: rows }", "tables.0.checks.2", "'type' is a required property"),
    (
        TEMP_C,
        "temp_c: { type: dubble,",
        "tables.0.columns.temp_c.type",
        f"'dubble' does not match '^({COLUMN_TYPES}|decimal",
    ),
    (TEMP_C, "temp_c: {", "tables.0.columns.temp_c", "'type' is a required property"),
    (f"        {TEMP_C}", f"        _{TEMP_C}", "tables.0.columns", "'_temp_c' does not match any of the regexes"),
    (
        "origin: Station, by the code of its airport",
        "origin: 5",
        "sources.0.columns.origin",
        "5 is not of type 'string', 'object'",
    ),
    (
        "origin: Station, by the code of its airport",
        "origin: { description: Station, pi: true }",
        "sources.0.columns.origin",
        "Additional properties are not allowed ('pi' was unexpected)",
    ),
    (
        "granularity: month",
        "granularity: week",
        "partitioning.granularity",
        "'week' is not one of ['day', 'month', 'year']",
    ),
    ('start: "2013-01"', 'start: "2013"', "partitioning.start", "'2013' does not match"),
    ('end: "2014-01"', 'end: "2014-01-01"', "partitioning.end", "'2014-01-01' does not match"),
    (FILES, f"{FILES}\n      format: {{ type: json }}", "sources.0.format.type", "'json' is not one of ['csv',"),
    (FILES, f'{FILES}\n      format: {{ delimiter: ";;" }}', "sources.0.format.delimiter", "';;' is too long"),
    (
        FILES,
        f"{FILES}\n      format: {{ type: parquet, encoding: utf-16 }}",
        "sources.0.format",
        "'encoding' is not one of ['type']",
    ),
    (
        "runs_on: spark_job",
        "runs_on: spark",
        "tables.3.runs_on",
        "'spark' is not one of ['sql_warehouse', 'spark_job']",
    ),
    ("rejects_of: silver.weather_readings", "reads_days_before: 0", "tables.1", "'columns' is a required property"),
    ("[station, day]", "[station, day, a, b]", "tables.2.clustering", "['station', 'day', 'a', 'b'] is too long"),
    (
        "max_wind_ms: 113",
        "max_wind_ms: [113]",
        "parameters.max_wind_ms",
        "[113] is not of type 'integer', 'number', 'string'",
    ),
    (", min: 0, max: 100 }", " }", "tables.0.checks.3", "'max' is a required property"),
]
MEDALLION_FAULTS = [
    ("key: [id]", "key: [id]\n      kind: csv", "tables.0", "('kind' was unexpected)"),
    ("name: orders", "name: Orders", "tables.2.name", "'Orders' does not match"),
    ("columns: [id, name]", "columns: id", "tables.0.columns", "'id' is not of type 'array'"),
    ("key: [id]", "key: [id]\n      format: { type: excel }", "tables.0.format.type", "'excel' is not one of ['csv',"),
    ("key: [id]", "key: [id]\n      types: { id: bigint }", "tables.0.types", "is expected to be empty"),
    (
        "key: [id]",
        "key: [id]\n      format: { type: parquet }\n      types: { id: number }",
        "tables.0.types.id",
        "'number' does not match",
    ),
    ('"{{ demo_mode }}"', "maybe", "demo_mode", "'maybe' is not of type 'boolean'"),
]


def attributes(file: Path, old: str, new: str) -> dict[str, Any]:
    text = file.read_text(encoding="utf-8")
    assert old in text
    return yaml.safe_load(text.replace(old, new, 1))["attributes"]


def model_of(component: Any) -> type[BaseModel]:  # noqa: ANN401 - a class of any component
    model = component.get_model_cls()
    assert isinstance(model, type)
    return model


def said(component: Any, declared: dict[str, Any]) -> list[tuple[str, str]]:  # noqa: ANN401 - likewise
    faults = Draft202012Validator(model_of(component).model_json_schema()).iter_errors(declared)
    return [(".".join(map(str, fault.absolute_path)), fault.message) for fault in faults]


@pytest.mark.parametrize(("old", "new", "where", "words"), LAKEHOUSE_FAULTS)
def test_a_lakehouse_that_is_refused_is_refused_by_its_schema_in_a_line(
    old: str, new: str, where: str, words: str
) -> None:
    declared = attributes(LAKEHOUSE, old, new)
    with pytest.raises(ValidationError):
        model_of(LakehouseComponent).model_validate(declared)
    ((found, message),) = said(LakehouseComponent, declared)
    assert found == where
    assert words in message
    assert len(message) < 200


@pytest.mark.parametrize(("old", "new", "where", "words"), MEDALLION_FAULTS)
def test_a_medallion_is_refused_by_its_schema_in_a_line(old: str, new: str, where: str, words: str) -> None:
    ((found, message),) = said(MedallionComponent, attributes(MEDALLION, old, new))
    assert found == where
    assert words in message
    assert len(message) < 200


@pytest.mark.parametrize("value", ["maybe", '"true"'])
def test_a_demo_mode_is_true_false_or_a_template(value: str) -> None:
    ((where, message),) = said(LakehouseComponent, attributes(LAKEHOUSE, '"{{ demo_mode }}"', value))
    assert where == "demo_mode"
    assert "does not match" in message


def test_a_dimension_has_nothing_of_a_period() -> None:
    declared = attributes(LAKEHOUSE, "reads_days_before: 30", "dimension: replaced")
    with pytest.raises(ValidationError, match="no runs_on and no plot"):
        model_of(LakehouseComponent).model_validate(declared)
    assert sorted(where for where, _ in said(LakehouseComponent, declared)) == ["tables.3", "tables.3.runs_on"]


@pytest.mark.parametrize(
    ("component", "file", "domain"),
    [(LakehouseComponent, LAKEHOUSE, "weather"), (MedallionComponent, MEDALLION, "shop")],
)
def test_a_domain_is_one_that_is_built_there(component: type, file: Path, domain: str) -> None:
    other = "shop" if domain == "weather" else "weather"
    ((where, message),) = said(component, attributes(file, f"domain: {domain}", f"domain: {other}"))
    assert where == "domain"
    assert f"'{other}' is not one of ['{domain}'" in message


@pytest.mark.parametrize("template", ["{{ demo_mode }}", "{{ env.FILES }}"])
def test_what_dagster_resolves_may_be_a_template(template: str) -> None:
    declared = attributes(MEDALLION, "demo_mode: ", "demo_mode: ")
    declared["tables"] = template
    declared["demo_mode"] = template
    assert said(MedallionComponent, declared) == []


@pytest.mark.parametrize("file", sorted(LOCATIONS.glob("*/src/*/defs/*/defs.yaml")), ids=lambda file: file.parent.name)
def test_what_is_shipped_is_accepted(file: Path) -> None:
    said_of = yaml.safe_load(file.read_text(encoding="utf-8"))
    component = next(one for one in COMPONENTS if one.__name__ == said_of["type"].rpartition(".")[2])
    assert said(component, said_of["attributes"]) == []


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda component: component.__name__)
def test_every_attribute_is_described_with_an_example(component: type) -> None:
    schema = model_of(component).model_json_schema()
    own = {name: about for name, about in schema.get("$defs", {}).items() if not is_of_the_library(name)}
    assert schema["properties"]
    for name, about in {"": schema, **own}.items():
        for attribute, said_of in about.get("properties", {}).items():
            if name or not is_inherited(component, attribute):
                assert said_of.get("description"), f"{name}.{attribute}"
                assert said_of.get("examples"), f"{name}.{attribute}"


def is_of_the_library(name: str) -> bool:
    schema = TypeAdapter(model_of(DbtProjectComponent)).json_schema()
    return name in schema["$defs"]


def is_inherited(component: type, attribute: str) -> bool:
    described_anew = inspect.get_annotations(component)
    return issubclass(component, DbtProjectComponent) and attribute not in described_anew


@pytest.mark.parametrize("component", [LakehouseComponent, EltPipeline], ids=lambda component: component.__name__)
def test_every_example_is_one(component: type) -> None:
    """What stands as an example of an attribute is accepted as that attribute."""
    schema = model_of(component).model_json_schema()
    definitions = schema.get("$defs", {})
    for about in (schema, *definitions.values()):
        for attribute, said_of in about.get("properties", {}).items():
            validator = Draft202012Validator({**said_of, "$defs": definitions})
            for example in said_of["examples"]:
                assert not list(validator.iter_errors(example)), f"{attribute}: {example}"
