import subprocess
import sys

import pytest

from tests.rehearsal.production.peak_memory import PeakMemory, peak_memory

_MEGABYTE = 2**20
# A child that takes 200 MB, says so, and waits to be told to end.
_TAKES_MEMORY = "taken = bytearray(b'x') * (200 * 2**20); print('taken', flush=True); input()"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says what processes share")
def test_the_memory_of_a_descendant_counts_even_when_it_is_gone() -> None:
    peak = PeakMemory()
    peak.look()
    alone = peak.most or 0
    middle = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {_TAKES_MEMORY!r}])"
    command = [sys.executable, "-c", middle]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "taken\n"
        peak.look()
        process.communicate("end\n", timeout=30)
    peak.look()
    assert (peak.most or 0) - alone > 190 * _MEGABYTE


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says what processes share")
def test_what_is_measured_is_there_after_the_block() -> None:
    with peak_memory() as peak:
        peak.look()
    assert (peak.most or 0) > 10 * _MEGABYTE
