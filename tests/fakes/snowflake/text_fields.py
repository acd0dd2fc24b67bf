from collections.abc import Iterator
from contextlib import contextmanager

from fakesnow.copy_into import ReadCSV
from sqlglot import exp


@contextmanager
def text_fields() -> Iterator[None]:
    """Have fakesnow take the fields of a CSV file for text, as COPY INTO does, until a column or a cast says more.

    DuckDB guesses types, and writes `007` as 7 and `2019-01-01T00:00:00` without its T.
    """
    read = ReadCSV.read_expression

    def read_text(self: ReadCSV, url: str) -> exp.Expr:
        expression = read(self, url)
        expression.append("expressions", self.make_eq("all_varchar", value=True))
        return expression

    ReadCSV.read_expression = read_text
    try:
        yield
    finally:
        ReadCSV.read_expression = read
