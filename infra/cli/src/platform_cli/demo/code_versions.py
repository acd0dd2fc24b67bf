from collections.abc import Mapping


def changed_tables(versions: Mapping[str, str], published: Mapping[str, str]) -> list[str]:
    """The tables whose code version is another than the published one, and those that were not published, by key."""
    return sorted(table for table, version in versions.items() if published.get(table) != version)
