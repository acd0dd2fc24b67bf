import gc
import sys


def discard_stopped_programs() -> None:
    """Collect what programs left behind when the engine stopped them in this process.

    Python reports each coroutine that it collects unfinished; of a stopped program's nothing else can be expected.
    """
    report = sys.unraisablehook
    sys.unraisablehook = lambda _: None
    gc.collect()
    sys.unraisablehook = report
