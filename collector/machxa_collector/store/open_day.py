"""Keep the open days' reports by metric as well, until they are packed: a question over a province reads them so.

Each agent belongs to a group; now and then a group's new reports become a run, and each stream's ``gathered`` says up
to which number. Reports stay where they are and remain the truth. A run counts for a day of an agent unless a chunk
does, and a day of a group has all its runs or none: so nothing is missed or told twice, whatever is packed meanwhile.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, Connection, Engine, Row, bindparam, delete, func, insert, select, update

from machxa_collector.store.chunk import between
from machxa_collector.store.open_columns import Run
from machxa_collector.store.payloads import Written, read_written, write, written
from machxa_collector.store.samples import DAY_MS
from machxa_collector.store.snapshot import snapshot
from machxa_collector.store.tables import open_columns, reports, streams
from machxa_wire.refusal import Refused

GROUP = 128  # agents
_FEWEST = 6  # new records of a stream that are worth a run; fewer are read from its reports
_AT_ONCE = 400  # reports of one stream; an agent that comes back with more takes several turns
_DAYS_AHEAD = 1  # that a clock may be; what claims to be later stays with the reports until then

_Stream = Row[int, int, int, int]
_Report = Row[int, int, bytes, int, int]
_Marks = list[tuple[int, int, int]]  # of a stream: its key, up to which number it was gathered, and is now


def group_of(agent_pk: int) -> int:
    """Return an agent's group."""
    return agent_pk // GROUP


def gather(engine: Engine, now_ms: int, first_open: int) -> int:
    """Gather what has come, group by group, each in a transaction; return how many reports.

    first_open is the first day (from 1970 UTC) that may not be packed yet: runs of those before are forgotten.
    """
    group = streams.c.agent_pk - streams.c.agent_pk % GROUP
    query = select(group).distinct().where(_is_due())
    with engine.connect() as connection:
        starts = sorted(connection.execute(query).scalars())
    with engine.begin() as connection:
        connection.execute(delete(open_columns).where(open_columns.c.day < first_open))
    bounds = (first_open, now_ms // DAY_MS + _DAYS_AHEAD)
    return sum(_gather_group(engine, group_of(start), bounds) for start in starts)


def _gather_group(engine: Engine, group: int, bounds: tuple[int, int]) -> int:
    runs: defaultdict[int, Run] = defaultdict(Run)
    marks: _Marks = []
    taken = 0
    with snapshot(engine) as connection:
        for stream in _streams(connection, group):
            count, upto = _take(runs, stream, _reports(connection, stream), bounds)
            taken += count
            if upto > stream.gathered:
                marks.append((stream.pk, stream.gathered, upto))
    if not marks:
        return 0
    with engine.begin() as connection:
        if not _mark(connection, marks):
            connection.rollback()
            return 0  # a second run beside this one
        for day, run in runs.items():
            _write(connection, group, day, run)
    return taken


def _take(
    runs: defaultdict[int, Run], stream: _Stream, rows: Sequence[_Report], bounds: tuple[int, int]
) -> tuple[int, int]:
    """Put a stream's reports into the runs of their days; return how many, and up to which number."""
    first_open, last_open = bounds
    for count, row in enumerate(rows):
        if row.last_time // DAY_MS > last_open:
            return count, row.seq - 1
        for day, told in _by_day(row):
            if day >= first_open:
                runs[day].add(stream.agent_pk, told)
    return len(rows), stream.contiguous if len(rows) < _AT_ONCE else rows[-1].seq


def _streams(connection: Connection, group: int) -> Sequence[_Stream]:
    columns = streams.c
    theirs = columns.agent_pk.between(group * GROUP, group * GROUP + GROUP - 1)
    query = select(columns.pk, columns.agent_pk, columns.contiguous, columns.gathered)
    return connection.execute(query.where(theirs, _is_due()).order_by(columns.pk)).all()


def _is_due() -> ColumnElement[bool]:
    return streams.c.contiguous >= streams.c.gathered + _FEWEST


def _reports(connection: Connection, stream: _Stream) -> Sequence[_Report]:
    columns = reports.c
    query = select(columns.seq, columns.last_time, columns.payload, columns.shift_ms, columns.mark)
    query = query.where(columns.stream_pk == stream.pk, columns.seq > stream.gathered, columns.seq <= stream.contiguous)
    return connection.execute(query.order_by(columns.seq).limit(_AT_ONCE)).all()


def _by_day(row: _Report) -> Iterator[tuple[int, Written]]:
    try:
        told = written(row.payload, row.shift_ms, row.mark)
    except Refused:
        return  # packing sets it aside and says so
    first, last = told.times[0] // DAY_MS, told.times[-1] // DAY_MS
    if first == last:
        yield first, told
        return
    chunk = read_written(told)
    for day in range(first, last + 1):
        part = between(chunk, day * DAY_MS, (day + 1) * DAY_MS)
        if part.times:
            yield day, write(part)


def _mark(connection: Connection, marks: _Marks) -> bool:
    """Write how far streams are gathered; return whether each stood where it was read."""
    columns = streams.c
    one = update(streams).where(columns.pk == bindparam("stream_pk"), columns.gathered == bindparam("was"))
    values = [{"stream_pk": pk, "was": was, "upto": upto} for pk, was, upto in marks]
    return connection.execute(one.values(gathered=bindparam("upto")), values).rowcount == len(marks)


def _write(connection: Connection, group: int, day: int, run: Run) -> None:
    columns = open_columns.c
    last = select(func.max(columns.run)).where(columns.agents == group, columns.day == day)
    number = (connection.execute(last).scalar() or 0) + 1
    key = {"agents": group, "day": day, "run": number}
    rows = [{**key, "name": name, "blob": blob} for name, blob in run.blobs()]
    connection.execute(insert(open_columns), rows)
