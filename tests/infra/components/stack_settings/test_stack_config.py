import pytest
from platform_infra.stack_settings.errors import StackSettingsError
from platform_infra.stack_settings.stack_config import project_config, stack_config

from tests.fakes.pulumi_mocks.recorder import run_program

NOTHING_ENCRYPTED: frozenset[str] = frozenset()


def test_a_project_reads_its_own_settings_and_decodes_structured_ones() -> None:
    stated = {"shop:size": "5", "shop:users": '{"a": {"b": [1, "x"]}}', "pulumi:disable-default-providers": '["*"]'}
    assert project_config("shop", stated, NOTHING_ENCRYPTED) == {"size": "5", "users": {"a": {"b": [1, "x"]}}}


def test_the_running_stack_is_where_settings_come_from() -> None:
    read: list[dict[str, object]] = []
    run_program(lambda: read.append(stack_config("shop")), "shop", "dev", {"shop:owner": "me"})
    assert read == [{"owner": "me"}]


def test_a_setting_that_nothing_would_read_is_refused() -> None:
    with pytest.raises(StackSettingsError, match=r"snowflake:password.*environment alone"):
        project_config("shop", {"shop:size": "5", "snowflake:password": "hunter2"}, NOTHING_ENCRYPTED)


def test_an_encrypted_setting_is_refused_without_repeating_it() -> None:
    with pytest.raises(StackSettingsError, match="shop:token are encrypted") as refusal:
        project_config("shop", {"shop:token": "hunter2"}, frozenset({"shop:token"}))
    assert "hunter2" not in str(refusal.value)


def test_a_broken_structured_value_is_refused_by_name() -> None:
    with pytest.raises(StackSettingsError, match="setting shop:users is neither"):
        project_config("shop", {"shop:users": "{broken"}, NOTHING_ENCRYPTED)
