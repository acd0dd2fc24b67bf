import pytest
from platform_contract.errors import ContractError

from tests.rehearsal.account.throw_away import throw_away_deployment


@pytest.mark.parametrize("name", ["dev", "prod", "local", "pr-7", "pr-9", "pr-91", "pr-19", "pr-0901", "staging", ""])
def test_what_somebody_may_have_is_never_rehearsed_in(name: str) -> None:
    with pytest.raises(ContractError):
        throw_away_deployment(name)


def test_a_number_that_no_pull_request_has_may_be_thrown_away() -> None:
    assert throw_away_deployment("pr-901").name == "pr-901"
