"""Keep an outbox within its bounds: what is given up first, and how the loss is declared."""

from __future__ import annotations

from dataclasses import replace
from typing import Sequence

from machxa_agent.outbox.rows import Rows
from machxa_agent.outbox.shelf import EVENT, FACTS, SAMPLES, THINNED, Limits, Row
from machxa_agent.outbox.thin import Thinning, gap_runs, thin_hour
from machxa_wire.records import Place

_HOUR_MS = 3600 * 1000
_PIECE = 100  # rows given up at a time
_STEPS = 50  # in one call; the next call goes on
_HOUR_ROWS = 720  # of the shortest interval, 5 s


def make_room(rows: Rows, limits: Limits) -> None:
    """Keep the bounds: forget acknowledged rows first, then thin samples, then give up the oldest of a kind."""
    forget_old(rows, limits)
    steps = 0
    while steps < _STEPS and _oldest_is_old(rows, limits) and _thin(rows):
        steps += 1
    while steps < _STEPS and rows.state.waiting_bytes + rows.state.kept_bytes > limits.most_bytes:
        steps += 1
        if not (_forget_some(rows) or _thin(rows) or _give_up(rows)):
            return


def forget_old(rows: Rows, limits: Limits) -> None:
    """Forget rows acknowledged longer ago than they are kept."""
    limit = rows.shelf.acknowledged_before(rows.age_ms() - limits.acknowledged_hours * _HOUR_MS)
    if limit:
        _forget_kept(rows, rows.between(0, limit))


def _forget_kept(rows: Rows, done: Sequence[Row]) -> None:
    rows.shelf.delete([row.seq for row in done])
    rows.state = replace(rows.state, kept_bytes=rows.state.kept_bytes - sum(row.cost for row in done))


def _oldest_is_old(rows: Rows, limits: Limits) -> bool:
    oldest = rows.shelf.rows_of(SAMPLES, rows.guard(), 1)
    return bool(oldest) and oldest[0].born < rows.age_ms() - limits.raw_hours * _HOUR_MS


def _forget_some(rows: Rows) -> bool:
    done = [row for row in rows.shelf.rows(0, _PIECE) if row.seq <= rows.state.acknowledged]
    _forget_kept(rows, done)
    return bool(done)


def _thin(rows: Rows) -> bool:
    """Thin the oldest hour of samples to its last reading; return whether there was one."""
    thinning = thin_hour(rows.shelf.rows_of(SAMPLES, rows.guard(), _HOUR_ROWS))
    if thinning is None:
        return False
    _drop(rows, thinning)
    return True


def _give_up(rows: Rows) -> bool:
    """Drop the oldest rows of the first kind that has any; gaps stay."""
    for kind in (THINNED, FACTS, EVENT):
        oldest = rows.shelf.rows_of(kind, rows.guard(), _PIECE)
        if oldest:
            _drop(rows, Thinning(tuple(oldest), None))
            return True
    return False


def _drop(rows: Rows, thinning: Thinning) -> None:
    """Delete rows; the last becomes its hour's last reading, the first of each run the gap that declares it."""
    dropped, last = thinning.rows, thinning.last
    if last is not None:
        dropped = dropped[:-1]
    rows.shelf.delete([row.seq for row in dropped])
    for row in thinning.rows:
        rows.count(row, -1)
    if last is not None:
        place, born = Place(rows.state.stream, thinning.rows[-1].seq), thinning.rows[-1].born
        rows.put(replace(last, place=place), THINNED, born)
    rows.state = replace(rows.state, dropped=rows.state.dropped + len(dropped))
    if not dropped:
        return
    first, end = dropped[0].seq, dropped[-1].seq
    for run in gap_runs(dropped, rows.between(first - 1, end + 1)):
        for row in run.absorbed:
            rows.count(row, -1)
        rows.shelf.delete([row.seq for row in run.absorbed])
        rows.put_gap(run.first, run.last, run.count, "full")
