import gc
import sys
import warnings


def discard_stopped_programs() -> None:
    """Collect what programs left behind when the engine stopped them in this process.

    Python complains about each coroutine that it collects unfinished; of a stopped program's nothing else can be
    expected. What is alive is not looked at again the next time: the providers' SDKs are large.
    """
    report = sys.unraisablehook
    sys.unraisablehook = lambda _: None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()
        gc.freeze()
    sys.unraisablehook = report
