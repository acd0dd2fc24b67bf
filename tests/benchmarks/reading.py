"""Seconds and peak memory of the one reader beside DuckDB alone, each in a process of its own.

`python -m tests.benchmarks.reading 2000000` writes that many orders to a temporary folder and loads them into a DuckDB
file, by either; the reader hashes the file as well, and judges every byte of it.
"""

import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb
from platform_runtime.files.file_format import CsvFormat
from platform_runtime.files.landed_file import by_name
from platform_runtime.files.local_folder import LocalFolder
from platform_runtime.files.row_stream import RowStream, take_rows

_COLUMNS = ("id", "customer", "ordered_at", "store_id", "subtotal", "tax_paid", "order_total")
_CSV = CsvFormat(delimiter=",", quote='"', encoding="utf-8", null_tokens=("",), decimal_comma=())


def write_orders(file: Path, rows: int) -> None:
    """Orders as the shop sends them, the same ones every time."""
    chance = random.Random(1)  # noqa: S311 - the same rows every time
    with file.open("w", encoding="utf-8") as stream:
        stream.write(",".join(_COLUMNS) + "\n")
        for number in range(rows):
            cents = chance.randint(100, 5000)
            customer = f"{chance.getrandbits(128):032x}"
            moment = f"2018-09-{number % 28 + 1:02d}T{number % 24:02d}:{number % 60:02d}:00"
            stream.write(f"{number:032x},{customer},{moment},s{number % 6},{cents},{cents // 10},{cents * 11 // 10}\n")


def load_by_duckdb(folder: Path) -> int:
    """DuckDB alone."""
    with duckdb.connect(folder / "duckdb.duckdb") as connection:
        files = [str(path) for path in folder.glob("*.csv")]
        connection.execute("create table orders as from read_csv(?, header = true, all_varchar = true)", [files])
        return connection.table("orders").shape[0]


def load_by_reader(folder: Path) -> int:
    """The reader into DuckDB."""
    landed = LocalFolder(folder)
    with duckdb.connect(folder / "reader.duckdb") as connection:
        connection.execute(f"create table orders ({', '.join(f'{name} varchar' for name in _COLUMNS)})")

        def insert(stream: RowStream) -> int:
            connection.register("landed", stream)
            connection.execute("insert into orders from landed")
            return stream.rows

        rows = 0
        for file in by_name(file for file in landed.listing().files if file.name.endswith(".csv")):
            with landed.hashed(file) as hashed:
                rows += take_rows(hashed.batches(_CSV, _COLUMNS), insert)
        return rows


_WAYS = {"duckdb": load_by_duckdb, "reader": load_by_reader}


def _measure(way: str, folder: Path) -> None:
    started = time.perf_counter()
    rows = _WAYS[way](folder)
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds, cpu = time.perf_counter() - started, used.ru_utime + used.ru_stime
    print(f"{way}: {rows:,} rows, {seconds:.1f} s, {cpu:.1f} s of processor, {used.ru_maxrss >> 10:,} MB")


def main(arguments: list[str]) -> None:
    """Measure one way, or write the file and measure both."""
    if arguments[0] in _WAYS:
        _measure(arguments[0], Path(arguments[1]))
        return
    with tempfile.TemporaryDirectory(prefix="reading-") as folder:
        write_orders(Path(folder) / "orders.csv", int(arguments[0]))
        for way in _WAYS:
            subprocess.run([sys.executable, "-m", "tests.benchmarks.reading", way, folder], check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
