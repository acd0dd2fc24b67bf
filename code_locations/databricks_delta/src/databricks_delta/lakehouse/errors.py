class LakehouseError(Exception):
    """An operation on the lakehouse that cannot go on; the message names the table or the file, and the fix."""


class EngineError(LakehouseError):
    """The engine, not the data, stands in the way: its first line says what to do, the rest what happened."""


class TransientError(EngineError):
    """What stands in the way passes by itself, so the operation is worth another attempt from its start."""
