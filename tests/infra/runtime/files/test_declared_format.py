import pytest
from platform_runtime.files.declared_format import DeclaredFormat
from platform_runtime.files.file_format import CsvFormat, JsonLinesFormat, ParquetFormat
from pydantic import ValidationError


def test_a_format_is_csv_unless_something_else_is_declared() -> None:
    assert DeclaredFormat().file_format == CsvFormat(",", '"', "utf-8", (), ())
    dialect = {"delimiter": ";", "encoding": "windows-1252", "null_tokens": ["NA", ""]}
    assert DeclaredFormat.model_validate(dialect).file_format == CsvFormat(";", '"', "windows-1252", ("NA", ""), ())
    assert DeclaredFormat(type="json_lines").file_format == JsonLinesFormat()
    assert DeclaredFormat(type="parquet").file_format == ParquetFormat(may_be_empty=False)


@pytest.mark.parametrize(
    ("declared", "refusal"),
    [
        ({"type": "parquet", "delimiter": ";"}, "format: delimiter is said of csv alone: leave it out of parquet"),
        ({"delimiter": ";;"}, "delimiter ';;': name one ASCII character"),
        ({"encoding": "latin"}, "Input should be 'utf-8', 'utf-16', 'windows-1252' or 'iso-8859-1'"),
        ({"type": "xlsx"}, "Input should be 'csv', 'json_lines' or 'parquet'"),
        ({"delimeter": ";"}, "Extra inputs are not permitted"),
    ],
)
def test_a_format_that_cannot_be_is_refused(declared: dict[str, object], refusal: str) -> None:
    with pytest.raises(ValidationError, match=refusal):
        DeclaredFormat.model_validate(declared)
