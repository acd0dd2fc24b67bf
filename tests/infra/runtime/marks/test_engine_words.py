"""Messages as the engines write them; their sources are named where no stand-in says them."""

from collections.abc import Callable

import duckdb
import pytest
from platform_runtime.marks.discreet_duckdb import DuckDBRefusalError, discreet_duckdb
from platform_runtime.marks.engine_words import WITHHELD, duckdb_words, snowflake_words, spark_words

NAME = "Zaphod O'Quill"
QUERY = "01b2c3d4-0000-1111-2222-333344445555"


@pytest.mark.parametrize(
    ("words", "said", "told"),
    [
        # Snowflake's documentation: 100038, 100035, 100090 (`Duplicate row detected during DML action`), 100072.
        (
            snowflake_words,
            f"Database Error in model m\n  100038 (22018): {QUERY}: Numeric value '{NAME}' is not recognized\n  m.sql",
            f"Database Error in model m\n  100038 (22018): {QUERY}: Numeric value ••• is not recognized {WITHHELD}",
        ),
        (snowflake_words, f"100035 (22007): Timestamp '{NAME}' is not recognized", "100035 (22007): Timestamp •••"),
        (snowflake_words, f'100090 (42P18): Duplicate row detected\nRow Values: ["{NAME}"]', "100090 (42P18): ("),
        (snowflake_words, "100072 (22000): NULL result in a non-nullable column", "100072 (22000): NULL result in"),
        # Snowflake's documentation, "Handling exceptions": the statement's own number is not in it.
        (
            snowflake_words,
            f"090237 (P0001): Uncaught exception of type 'EXPRESSION_ERROR' on line 4: Numeric value '{NAME}' is not",
            "090237 (P0001): (",
        ),
        # The connector's errorcode.py: ER_FAILED_TO_CONVERT_ROW_TO_PYTHON_TYPE.
        (snowflake_words, f"252005: Failed to convert: field N: FIXED::{NAME}, Error: x", "252005: ("),
        (duckdb_words, f'Constraint Error: Duplicate key "name: {NAME}" violates', "Constraint Error: ("),
        (duckdb_words, f"Invalid Input Error: CSV Error on Line: 2\nOriginal Line: 1,{NAME}", "Invalid Input Error: ("),
        (
            duckdb_words,
            f"Conversion Error: Could not convert string '{NAME}' to INT32 when casting from source column name\n",
            "Conversion Error: Could not convert string ••• to INT32 when casting from source column name (",
        ),
        # Spark's error-conditions.json and Delta's delta-error-classes.json.
        (
            spark_words,
            f'[CAST_INVALID_INPUT] The value \'{NAME}\' of the type "STRING" cannot be cast to "INT" because …',
            '[CAST_INVALID_INPUT] The value ••• of the type "STRING" cannot be cast to "INT" (',
        ),
        (
            spark_words,
            f"[DELTA_VIOLATE_CONSTRAINT_WITH_VALUES] CHECK constraint named (name <> '') violated by row:\n - {NAME}",
            "[DELTA_VIOLATE_CONSTRAINT_WITH_VALUES] CHECK constraint named (what",
        ),
        (
            spark_words,
            f"[TABLE_OR_VIEW_NOT_FOUND] `t` is not there. Caused by: [CANNOT_PARSE_TIMESTAMP] Text '{NAME}' …",
            "[TABLE_OR_VIEW_NOT_FOUND] `t` is not there. Caused by: [CANNOT_PARSE_TIMESTAMP] (",
        ),
        (spark_words, f"ValueError: {NAME}", "ValueError ("),
        (spark_words, f"job failed on {NAME}", WITHHELD),
    ],
)
def test_a_value_is_not_repeated(words: Callable[[str], str], said: str, told: str) -> None:
    found = words(said)
    assert found.startswith(told)
    assert found.endswith(WITHHELD)
    assert "Quill" not in found


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (snowflake_words, f"002003 (42S02): {QUERY}: SQL compilation error:\nObject 'GOLD.T' does not exist"),
        (snowflake_words, "000904 (42000): SQL compilation error: error line 1\ninvalid identifier 'NAME'"),
        (snowflake_words, "090073 (22000): Warehouse 'W' cannot be resumed because resource monitor 'M' has exceeded"),
        (snowflake_words, "250001 (08001): Failed to connect to DB: account.snowflakecomputing.com:443"),
        (snowflake_words, "12 of 34 OK created sql table model [SUCCESS 100482 in 1.2s]"),
        (duckdb_words, 'Binder Error: Referenced column "nmae" not found in FROM clause!'),
        (duckdb_words, 'IO Error: Could not set lock on file "x.duckdb"'),
        (duckdb_words, "Runtime Error in model m (m.sql)\n  Catalog Error: Table with name t does not exist!"),
        (spark_words, "[UNRESOLVED_COLUMN.WITH_SUGGESTION] A column `x` cannot be resolved. SQLSTATE: 42703"),
        (spark_words, "[DELTA_NOT_NULL_CONSTRAINT_VIOLATED] NOT NULL constraint violated for column: name."),
    ],
)
def test_what_speaks_of_names_and_rights_is_passed_on_whole(words: Callable[[str], str], said: str) -> None:
    assert words(said) == said


@pytest.mark.parametrize(
    "sql",
    [
        f"select cast($${NAME}$$ as integer)",
        f"select cast($${NAME}$$ as date)",
        f"select cast($${NAME}$$ as decimal(9, 2))",
        f"select cast($${NAME}$$ as boolean)",
        f"select strptime($${NAME}$$, '%Y')",
        f"select cast($${NAME}$$ as json)",
        f"select json_extract($${NAME}$$, '$.a')",
        f"select error($${NAME}$$)",
        f"create table t (n varchar primary key); insert into t values ($${NAME}$$), ($${NAME}$$)",
        f"create table t (n varchar check (n = 'x')); insert into t values ($${NAME}$$)",
        f"select cast(['{NAME.replace("'", "''")}'] as integer[])",
        f"select regexp_matches('a', $$({NAME}$$)",
    ],
)
def test_no_error_of_duckdb_itself_repeats_a_value(sql: str) -> None:
    with duckdb.connect() as connection, pytest.raises(DuckDBRefusalError) as refused, discreet_duckdb("table t"):
        connection.execute(sql)
    assert str(refused.value).startswith("table t: ")
    assert "Quill" not in str(refused.value)
    assert refused.value.__suppress_context__
