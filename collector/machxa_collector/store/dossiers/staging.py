"""Hold the rows of one file until all are judged, in a file of its own: the store is not locked while they come.

It is a SQLite file without any promise: it goes with the process, and nobody but this reads it.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from machxa_collector.store.dossiers.merging import COUNT_COLUMNS, ROW_COLUMNS, Values
from machxa_collector.store.dossiers.words import Kind

_AT_ONCE = 5_000
_CACHE_KIB = 32 * 1024
_KEYS = {Kind.ROWS: ("number",), Kind.COUNTS: ("unit", "field", "day")}
_CLAIM = "online"
_COLUMNS = {Kind.ROWS: ROW_COLUMNS, Kind.COUNTS: COUNT_COLUMNS}


class Staging:
    """Take rows with their numbers in the file, say which come twice, and give each once in the order of its key."""

    def __init__(self, connection: sqlite3.Connection, kind: Kind) -> None:
        """Take an empty database."""
        self._connection = connection
        columns = _COLUMNS[kind]
        self._names, self._keys = ", ".join(columns), ", ".join(_KEYS[kind])
        self._width = len(columns) + 1
        self._claim = columns.index(_CLAIM) if kind is Kind.ROWS else None
        self._waiting: list[Values] = []
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", f"cache_size=-{_CACHE_KIB}"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        connection.execute(f"CREATE TABLE staged (row INTEGER NOT NULL, {self._names})")

    def add(self, row: int, values: Values) -> None:
        """Take one row."""
        self._waiting.append((row, *values))
        if len(self._waiting) >= _AT_ONCE:
            self._flush()

    def settle(self) -> None:
        """Take no more rows: put them in order."""
        self._flush()
        self._connection.execute(f"CREATE INDEX staged_key ON staged ({self._keys}, row)")

    def twice(self, most: int) -> Sequence[tuple[int, int]]:
        """Return rows whose key an earlier row has with other values, each with that first row; at most so many."""
        query = f"""
            SELECT later.row, first.row FROM
            (SELECT {self._keys}, min(row) AS row FROM staged GROUP BY {self._keys} HAVING count(*) > 1) AS first
            JOIN staged AS later USING ({self._keys})
            WHERE later.row > first.row ORDER BY later.row LIMIT ?
        """  # noqa: S608 - names of ours
        pairs: list[tuple[int, int]] = self._connection.execute(query, (most,)).fetchall()
        return [(later, first) for later, first in pairs if self._values(later) != self._values(first)]

    def count_once(self) -> int:
        """Return how many keys there are."""
        query = f"SELECT count(*) FROM (SELECT DISTINCT {self._keys} FROM staged)"  # noqa: S608 - names of ours
        return int(self._connection.execute(query).fetchone()[0])

    def span(self, column: str, others: Sequence[str]) -> tuple[int | None, int | None, int | None]:
        """Return the least and the most of a column, and the most of others; None where they say nothing."""
        most = [f"max({name})" for name in others]
        query = f"SELECT min({column}), max({column}), {', '.join(most) or 'NULL'} FROM staged"  # noqa: S608 - names of ours
        first, last, *ends = self._connection.execute(query).fetchone()
        return first, last, max((end for end in ends if end is not None), default=None)

    def rows(self) -> Iterator[Values]:
        """Give the first row of each key, in the order of the keys."""
        query = f"SELECT {self._names} FROM staged ORDER BY {self._keys}, row"  # noqa: S608 - names of ours
        width, before = len(self._keys.split(", ")), None
        found = self._connection.execute(query)
        while portion := found.fetchmany(_AT_ONCE):
            for values in portion:
                key = values[:width]
                if key != before:
                    yield values if self._claim is None else _claimed(values, self._claim)
                before = key

    def _values(self, row: int) -> Values:
        query = f"SELECT {self._names} FROM staged WHERE row = ?"  # noqa: S608 - names of ours
        values: Values = self._connection.execute(query, (row,)).fetchone()
        return values

    def _flush(self) -> None:
        marks = ", ".join("?" * self._width)
        self._connection.executemany(f"INSERT INTO staged VALUES ({marks})", self._waiting)  # noqa: S608 - likewise
        self._waiting.clear()


def _claimed(values: Values, place: int) -> Values:
    """Return values with what SQLite gave as 0 or 1 as the claim it is: PostgreSQL takes no number for one."""
    said = values[place]
    return values if said is None else (*values[:place], bool(said), *values[place + 1 :])


@contextmanager
def staged(kind: Kind) -> Iterator[Staging]:
    """Give a place for one file's rows, removed at the end."""
    with tempfile.TemporaryDirectory(prefix="machxa-") as folder:
        connection = sqlite3.connect(Path(folder) / "rows.db", isolation_level=None, check_same_thread=False)
        with closing(connection):
            yield Staging(connection, kind)
