import pytest

from tests.fakes.shop_story import Story

# The first test waits for three runs of the location.
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def test_a_second_run_changes_no_row_of_any_table(story: Story) -> None:
    assert set(story.again.tables) == set(story.year.tables)
    assert len(story.year.tables) == 14
    for table, rows in story.year.tables.items():
        assert story.again.tables[table] == rows, table
