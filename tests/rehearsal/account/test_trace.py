from platform_contract.deployment import pull_request

from tests.rehearsal.account.trace import Call, call, differences

RAW = "COPY INTO RAW_PR_901.SHOP.ORDERS FROM @x/orders.0123456789abcdef0123.csv /* run 1 */"
ON_STAND_IN = "copy into RAW_PR_912.SHOP.ORDERS  from @x/orders.fedcba98765432100000.csv"


def test_what_is_particular_to_a_run_is_no_difference() -> None:
    here, there = call("snowflake", ON_STAND_IN, None, pull_request(912)), call(
        "snowflake", RAW, None, pull_request(901)
    )  # fmt: skip
    assert here == there == Call("snowflake", "copy into raw_pr_n.shop.orders from @x/orders.<hash>.csv", "succeeded")
    assert differences([here], [there, there]) == []


def test_another_answer_and_a_question_of_one_side_alone_are_told() -> None:
    text = "alter table raw_pr_901.shop.orders suspend recluster"
    here = call("snowflake", text, None, pull_request(901))
    there = call("snowflake", text, "003001 Insufficient privileges on RAW_PR_901\nmore", pull_request(901))
    alone = call("databricks", "LIST '/Volumes/platform_pr_901/ops/landing'", None, pull_request(901))
    assert differences([here, alone], [there]) == [
        "databricks: list '/volumes/platform_pr_n/ops/landing'\n    stand-in: succeeded\n    account:  never asked",
        (
            "snowflake: alter table raw_pr_n.shop.orders suspend recluster\n    stand-in: succeeded\n"
            "    account:  003001 insufficient privileges on raw_pr_n"
        ),
    ]
