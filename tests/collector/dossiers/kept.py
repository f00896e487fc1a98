from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Engine

from machxa_collector.registry.audit import Entry
from machxa_collector.registry.sealing import Keyring
from machxa_collector.store.dossiers import imports, sources
from machxa_collector.store.dossiers.imports import DossierImport
from machxa_collector.store.dossiers.merging import Merged, Values, merge_counts, merge_rows
from machxa_collector.store.dossiers.sources import Source
from machxa_collector.store.dossiers.words import Kind, State, Way, ms_of

NOW = datetime(2026, 11, 30, 1, 0, tzinfo=UTC)
ACT = Entry(at=ms_of(NOW), actor="Hoa", origin="", action="dossiers.source")


def at(day: int, hour: int, minute: int = 0) -> int:
    """Return a stored moment of November 2026, Việt Nam's time."""
    return ms_of(datetime(2026, 11, day, hour, minute, tzinfo=UTC)) - 7 * 3_600_000


def source(store: Engine, name: str = "tinh", seals: Keyring | None = None) -> Source:
    with store.begin() as connection:
        return sources.add(connection, (name, f"Một cửa {name}"), "86", {}, ACT, seals)


def row(number: str, received: int, **more: object) -> Values:
    """Return a row as it is stored: of commune 29374, civil status."""
    names = ("due_at", "extended_at", "released_at", "finished_at", "done_at", "online", "status")
    unit, group = more.get("unit", "29374"), more.get("group", "HT")
    return (number, unit, group, received, *(more.get(name) for name in names))


def count(day: int, received: int, **more: object) -> Values:
    """Return a count as it is stored: day is whole days since 1970."""
    names = (
        "online", "released", "early", "on_time", "late", "open_in_time", "open_late", "paused", "waiting", "saturday"
    )  # fmt: skip
    unit, field, group = more.get("unit", "29374"), more.get("field", "Hộ tịch"), more.get("group", "HT")
    return (unit, field, day, group, received, *(more.get(name) for name in names))


def taken_in(
    store: Engine,
    of: Source,
    values: Sequence[Values],
    *,
    kind: Kind = Kind.ROWS,
    name: str = "a",
    as_of: int | None = None,
    days: tuple[int | None, int | None] = (None, None),
) -> tuple[int, Merged]:
    """Take rows or counts in as done; return the import's number and what became of them."""
    one = DossierImport(
        id=name,
        source=of.id,
        source_pk=of.pk,
        kind=kind,
        state=State.DONE,
        way=Way.COMMAND,
        actor="Hoa",
        at=ms_of(NOW),
        as_of=as_of,
        first_day=days[0],
        last_day=days[1],
        form="csv",
        file_name="a.csv",
        file_sha256=name * 64,
        mapping="opencps-v2",
        mapping_version=0,
        report={},
    )
    told = Merged()
    merge = merge_rows if kind is Kind.ROWS else merge_counts
    with store.begin() as connection:
        pk = imports.add(connection, one)
        for part in merge(connection, of.pk, pk, as_of, values):
            told.add(part)
    return pk, told
