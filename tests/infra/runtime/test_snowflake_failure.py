"""What the first line of a failure says, for what Snowflake's connector and dbt say of it."""

import pytest
from platform_runtime.snowflake_failure import snowflake_failure

CONNECTOR = "{number} ({state}): 01b2-0: {text}"
DBT = (
    "The dbt CLI process with command `dbt build` failed with exit code `1`. Errors parsed from dbt logs:\n\n"
    "Database Error in model silver_orders (models/shop/silver/silver_orders.sql)\n  {number} ({state}): {text}"
)
SAID = [
    (
        "250001",
        "08001",
        "Failed to connect to DB. JWT token is invalid. [0a1b]",
        "set the private key whose public key",
    ),
    (
        "250001",
        "08001",
        "Failed to connect to DB: 390189: Role 'X' is not granted to this user.",
        "may not take on the role",
    ),
    ("250001", "08001", "Could not connect to Snowflake backend after 2 attempt(s).", "check the network"),
    ("250001", "08001", "Failed to connect to DB: 390100: Incorrect username or password.", "check SNOWFLAKE_ACCOUNT"),
    (
        "090073",
        "22000",
        "Warehouse 'W' cannot be resumed because resource monitor 'M' has exceeded its quota.",
        "raise `credit_quota`",
    ),
    ("000606", "57P03", "No active warehouse selected in the current session.", "the warehouse does not run"),
    (
        "000630",
        "57014",
        "Statement reached its statement or warehouse timeout of 60 second(s) and was canceled.",
        "when the warehouse is idle",
    ),
    (
        "003001",
        "42501",
        "SQL access control error:\nInsufficient privileges to operate on schema 'GOLD'",
        "the role lacks a privilege",
    ),
    (
        "000904",
        "42000",
        "SQL compilation error: error line 3 at position 4\ninvalid identifier 'NAME'",
        "put back what somebody changed",
    ),
    (
        "100080",
        "22000",
        "Number of columns in file (12) does not match that of the corresponding table (11)",
        "put back what somebody changed",
    ),
    (
        "002003",
        "42S02",
        "SQL compilation error:\nObject 'RAW.SHOP.ORDERS' does not exist or not authorized.",
        "an object is missing",
    ),
    ("000604", "57014", "SQL execution canceled", "cancelled a statement"),
    ("001003", "42000", "SQL compilation error:\nsyntax error line 1 at position 0", "for the reason below"),
]


@pytest.mark.parametrize("form", [CONNECTOR, DBT], ids=["connector", "dbt"])
@pytest.mark.parametrize(
    ("number", "state", "text", "remedy"), SAID, ids=[f"{said[0]}-{said[3][:20]}" for said in SAID]
)
def test_the_first_line_is_what_to_do_and_the_rest_what_was_said(
    form: str, number: str, state: str, text: str, remedy: str
) -> None:
    said = form.format(number=number, state=state, text=text)
    failure = snowflake_failure("the load", said)
    assert failure.description is not None
    first, _, rest = failure.description.partition("\n")
    assert remedy in first
    assert said in rest
    assert not failure.allow_retries
