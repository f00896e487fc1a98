"""Keep signed reports until the centre has them: the only thing that a relay keeps."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

MOST_PENDING = 20_000
MOST_PENDING_OF_UNIT = 200
_BUSY_SECONDS = 10.0
_SCHEMA = """
CREATE TABLE IF NOT EXISTS pending (
    key TEXT PRIMARY KEY, unit TEXT NOT NULL, body BLOB NOT NULL, signature TEXT NOT NULL
) WITHOUT ROWID
"""


class Full(Exception):
    """Say that the centre has not fetched for long: no more is taken."""


@dataclass(frozen=True, slots=True)
class Signed:
    """Hold a report as the relay signed it; key is how often it counts: once."""

    key: str
    unit: str
    body: bytes
    signature: str


class Outbox:
    """Hold reports in a file; one that was put is on the disk (synchronous=EXTRA), one that was fetched is erased."""

    def __init__(self, path: Path) -> None:
        """Open the file, making it where there is none."""
        self._path = path
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._open() as connection:
            connection.execute(_SCHEMA)

    def put(self, report: Signed) -> None:
        """Keep a report, once for its key; raises Full."""
        with self._open() as connection:
            connection.execute("BEGIN IMMEDIATE")
            known = connection.execute("SELECT 1 FROM pending WHERE key = ?", (report.key,)).fetchone()
            if known is not None:
                return
            count, of_unit = connection.execute(
                "SELECT count(*), count(*) FILTER (WHERE unit = ?) FROM pending", (report.unit,)
            ).fetchone()
            if count >= MOST_PENDING or of_unit >= MOST_PENDING_OF_UNIT:
                raise Full
            row = (report.key, report.unit, report.body, report.signature)
            connection.execute("INSERT INTO pending VALUES (?, ?, ?, ?)", row)

    def waiting(self, most: int) -> tuple[Signed, ...]:
        """Return reports that wait."""
        with self._open() as connection:
            rows = connection.execute("SELECT key, unit, body, signature FROM pending ORDER BY key LIMIT ?", (most,))
            return tuple(Signed(*row) for row in rows)

    def erase(self, keys: Sequence[str]) -> None:
        """Forget reports that the centre has."""
        with self._open() as connection:
            connection.executemany("DELETE FROM pending WHERE key = ?", [(key,) for key in keys])

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=_BUSY_SECONDS)) as connection:
            for pragma in ("journal_mode=DELETE", "synchronous=EXTRA", "secure_delete=ON"):
                connection.execute(f"PRAGMA {pragma}")
            with connection:  # commits, or rolls back what was raised
                yield connection
