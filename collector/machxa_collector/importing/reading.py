"""Open a file for a person: which table, which column fills which field, and what judges its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from machxa_collector.registry.records import RecordKind, Value
from machxa_collector.registry.sheets import Judge, Layout, Rows, Standing, find_layout
from machxa_collector.registry.sheets.splitting import split
from machxa_collector.sheets.table import Table, open_table
from machxa_collector.store.records_read import every
from machxa_collector.store.registry import LiveRegistry


def _everywhere(_place: Value) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Say who takes a file in, when and from where, and whether a place lies where they may change something."""

    name: str
    now_ms: int
    origin: str = ""
    covers: Callable[[Value], bool] = _everywhere


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """Hold what a person chose: a sheet, and fields for headings (None: leave the column out).

    Headings that are not named are guessed. name is that of a kept mapping it began with.
    """

    name: str | None = None
    sheet: str | None = None
    columns: Mapping[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Hold an open file: its table, its rows (those of several things split), its layout, and what judges its rows."""

    table: Table
    rows: Rows
    layout: Layout
    judge: Judge


@contextmanager
def opened(
    live: LiveRegistry, person: Person, kind: RecordKind, content: bytes, chosen: Chosen, *, again: bool
) -> Iterator[Opened]:
    """Open a file; raises BadFile, also while its rows are read. again: this very file was taken in before."""
    with open_table(content, kind, chosen.sheet) as table:
        layout = find_layout(kind, table.first, chosen.columns)
        standing = Standing(kind, ((one.id, one.record) for one in every(live.store, kind)))
        judge = Judge(kind, layout, live.known_in_bulk(), standing, covers=person.covers, again=again)
        yield Opened(table=table, rows=split(kind, layout, table.rows), layout=layout, judge=judge)
