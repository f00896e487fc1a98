"""Find numbers that nothing accounts for, and declare them: rows that vanished in silence."""

from __future__ import annotations

from typing import Iterable, Iterator, Optional, Sequence, Tuple

from machxa_agent.outbox.rows import Rows
from machxa_agent.outbox.shelf import GAP
from machxa_agent.outbox.thin import decoded
from machxa_wire.records import Gap

_PIECE = 100  # numbers declared one by one at most


def close_holes(rows: Rows, numbers: Iterable[Tuple[int, int]]) -> int:
    """Declare numbers that neither a row nor a gap accounts for; return how many.

    A number that may have been sent gets a gap of its own: should the collector have it after all, it
    refuses that gap as known and still learns the rest.
    """
    holes = list(_holes(rows, numbers))
    if holes:
        rows.commit(lambda: _fill(rows, holes))
    return sum(last - first + 1 for first, last in holes)


def _holes(rows: Rows, numbers: Iterable[Tuple[int, int]]) -> Iterator[Tuple[int, int]]:
    covered = rows.state.acknowledged
    for seq, kind in numbers:
        if seq > covered + 1:
            declared = _declared(rows, seq) if kind == GAP else seq
            if declared > covered + 1:
                yield covered + 1, min(declared, seq) - 1
        covered = max(covered, _declared_upto(rows, seq) if kind == GAP else seq)
    if covered < rows.state.high:
        yield covered + 1, rows.state.high


def _fill(rows: Rows, holes: Sequence[Tuple[int, int]]) -> None:
    for first, last in holes:
        single = min(last, rows.guard(), first + _PIECE)
        for seq in range(first, single + 1):
            rows.put_gap(seq, seq, 1, "damaged")
        start = max(first, single + 1)
        if start <= last:
            rows.put_gap(start, last, last - start + 1, "damaged")


def _declared(rows: Rows, seq: int) -> int:
    """Return from where a gap row accounts for numbers."""
    gap = _gap_at(rows, seq)
    return seq if gap is None else min(seq, gap.first)


def _declared_upto(rows: Rows, seq: int) -> int:
    """Return up to where a gap row accounts for numbers."""
    gap = _gap_at(rows, seq)
    return seq if gap is None else max(seq, gap.last)


def _gap_at(rows: Rows, seq: int) -> Optional[Gap]:
    found = rows.shelf.rows(seq - 1, 1)
    record = decoded(found[0]) if found else None
    return record if isinstance(record, Gap) and record.of == rows.state.stream else None
