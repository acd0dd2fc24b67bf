from pathlib import Path

import pytest
from platform_contract.deployment_table import deployment_rows
from platform_contract.errors import ContractError
from platform_contract.platform_file import PlatformFile, platform_file, read_platform_file

GOOD = """\
[deployments.laptop]
laptop = true

[deployments.first]
automation = true

[deployments.last]
suffix = ""
approval = true

[pull_requests]
hosted_by = "first"
clones_data_of = "last"
cleaned_up_by = "last"
"""


def written(folder: Path, text: str) -> PlatformFile:
    path = folder / "platform.toml"
    path.write_text(text, encoding="utf-8")
    return read_platform_file(path)


def test_the_platform_s_own_file_is_read_once() -> None:
    assert platform_file() is platform_file()
    assert deployment_rows(platform_file()).rows


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContractError, match=r"platform\.toml is missing"):
        read_platform_file(tmp_path / "platform.toml")


@pytest.mark.parametrize(
    ("text", "line"),
    [("[deployments.dev\n", 1), ("[a]\nb = 1\nb = 2\n", 3), ("[a]\nb = yes\n", 2), ('[a]\n\nb = "open', 3)],
)
def test_what_is_no_toml_is_refused_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(ContractError, match=rf"platform\.toml:{line}: "):
        written(tmp_path, text)


def test_rows_are_in_the_order_of_the_file(tmp_path: Path) -> None:
    declared = deployment_rows(written(tmp_path, GOOD))
    assert [(row.name, row.suffix, row.github_environment) for row in declared.rows] == [
        ("laptop", "_laptop", "laptop"),
        ("first", "_first", "first"),
        ("last", "", "last"),
    ]
    assert (declared.hosted_by, declared.clones_data_of, declared.cleaned_up_by) == ("first", "last", "last")


@pytest.mark.parametrize(
    ("old", "new", "line", "told"),
    [
        ("automation = true", "automaton = true", 5, "automaton is no setting: one of laptop, protects_data"),
        ("automation = true", 'automation = "yes"', 5, "automation = 'yes' is neither true nor false"),
        ('suffix = ""', "suffix = 3", 8, "suffix = 3 is no text"),
        ('suffix = ""', 'suffix = "-last"', 8, "suffix '-last' ends no name"),
        ('suffix = ""', 'suffix = "_first"', 8, "suffix '_first' is first's already"),
        ('suffix = ""', 'github_environment = "first"', 8, "github_environment 'first' is first's already"),
        ('suffix = ""', 'github_environment = "pull-requests"', 8, "anybody's branch may use that environment"),
        ('suffix = ""', 'shares_settings_of = "laptop"', 8, "has no settings of its own to share: name one of first"),
        ('suffix = ""', 'shares_settings_of = "last"', 8, "has no settings of its own to share: name one of first"),
        ('suffix = ""', "laptop = true", 8, "laptop is the laptop already"),
        ("laptop = true\n", "laptop = true\nautomation = true\n", 3, "a laptop has no automation"),
        ("laptop = true\n", "\n", 1, "no deployment is the laptop"),
        ("[deployments.last]", "[deployments.Last]", 7, "'Last' is no name of a deployment"),
        ("[deployments.last]", "[deployments.pr]", 7, "'pr' is no name of a deployment"),
        ('hosted_by = "first"\n', "\n", 11, r"\[pull_requests\] lacks hosted_by"),
        (
            'hosted_by = "first"',
            'hosted_by = "laptop"',
            12,
            "'laptop' is no deployment in the cloud: name one of first",
        ),
        ('hosted_by = "first"', 'hosted_by = "last"', 12, "powers in last, whose data they only read"),
        ("[pull_requests]", "[pullrequests]", 1, r"there is no table \[pull_requests\]"),
        ("[deployments.laptop]", "[deployments]\nold = 1\n[deployments.laptop]", 2, "old is a value"),
    ],
)
def test_what_cannot_be_is_refused_with_line_and_fix(tmp_path: Path, old: str, new: str, line: int, told: str) -> None:
    file = written(tmp_path, GOOD.replace(old, new))
    with pytest.raises(ContractError, match=rf"platform\.toml:{line}: .*{told}"):
        deployment_rows(file)
