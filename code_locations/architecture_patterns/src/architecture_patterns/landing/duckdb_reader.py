from collections.abc import Sequence

import duckdb

from architecture_patterns.landing.landed_file import LandedFile, LandedFileError

LOADED_AT = "_loaded_at"
ORIGIN_COLUMNS = {
    "_source_file": "varchar",
    "_source_line": "integer",
    "_source_sha256": "varchar",
    LOADED_AT: "datetime",
}
"""What is added to every row: the file, the line in it, the hash of the file's bytes, and when (UTC) it was loaded."""


def read_landed_file(connection: duckdb.DuckDBPyConnection, file: LandedFile, expected: Sequence[str]) -> None:
    """Read a file, every value as text, into a temporary table `landed` of that connection.

    Raises:
        LandedFileError: when it cannot be read to its end, or its columns are not the expected ones.
    """
    header = file.header(expected)
    try:
        connection.execute(
            f"""
            create or replace temporary table landed as
            select
                {", ".join(f'"{column}"' for column in expected)},
                ? as _source_file,
                (row_number() over () + 1)::integer as _source_line,
                ? as _source_sha256,
                now() at time zone 'UTC' as {LOADED_AT}
            from read_csv(?, header = true, delim = ',', quote = '"', escape = '"', auto_detect = false, columns = ?)
            """,  # noqa: S608 - column names come from the pipeline's own declaration
            [file.name, file.sha256, str(file.path), dict.fromkeys(header, "varchar")],
        )
    except duckdb.Error as error:
        # DuckDB names the line on the first two lines of its message; what follows is advice about its own options.
        fault = " ".join(str(error).splitlines()[:3])
        raise LandedFileError(
            f"{file.path} cannot be read to its end ({fault}): have it sent again, as CSV in UTF-8, plain or gzip"
        ) from error
