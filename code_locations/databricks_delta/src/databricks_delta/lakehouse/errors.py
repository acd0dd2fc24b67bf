class LakehouseError(Exception):
    """An operation on the lakehouse that cannot go on; the message names the table or the file, and the fix."""
