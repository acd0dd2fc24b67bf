from abc import ABC, abstractmethod

from tests.fakes.snowflake.account_session import AccountSession

DONE = "SELECT 'Statement executed successfully.' AS \"status\""
"""What Snowflake answers where a statement has nothing to show."""


class Workaround(ABC):
    """One limitation of fakesnow, and what is sent to it instead of a statement that meets it."""

    @abstractmethod
    def reworded(self, sql: str, session: AccountSession) -> str | None:
        """The statement to run instead, None where this one does not meet the limitation."""
