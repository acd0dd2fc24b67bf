import pytest
from platform_contract.deployment import pull_request
from platform_infra.labels.labels import Labels, LabelText
from pydantic import TypeAdapter, ValidationError

from tests.deployments import DEV


def test_a_comment_says_what_for_and_then_whose() -> None:
    comment = Labels(DEV, "data@example.org", "4711").comment("Loads into RAW")
    assert comment == "Loads into RAW [deployment=dev owner=data@example.org cost_centre=4711; managed by Pulumi]"


def test_tags_carry_the_same() -> None:
    assert Labels(pull_request(7), "data", "4711").tags() == {
        "deployment": "pr-7",
        "owner": "data",
        "cost_centre": "4711",
    }


@pytest.mark.parametrize("text", ["", "a'; drop table x", "two\nlines", " leading", "x" * 65])
def test_a_label_that_would_need_quoting_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(LabelText).validate_python(text)
