"""Loads into the tables of one Snowflake schema take turns, so that what one has looked up stays true until it is done.

Snowflake promises nothing of two COPYs at once: they lock nothing, and its load history tells a file by the hash of
its bytes as they lie in the stage, where every upload is encrypted anew. What locks a table is UPDATE, until its
transaction ends; whoever comes second waits, and its next statement sees what the first has committed.
"""

_TABLE = "LOAD_TURNS"


def make_turns(schema: str) -> str:
    """The statement that makes what loads take turns by, unless it is there; outside of any transaction, it ends one.

    Args:
        schema: the schema's name in two parts.
    """
    return f"create transient table if not exists {schema}.{_TABLE} as select 0 as turns"


def take_turn(schema: str) -> str:
    """The statement that waits until no other load is at work; the turn is over with the transaction that it is in."""
    return f"update {schema}.{_TABLE} set turns = turns + 1"  # noqa: S608 - the name is the contract's
