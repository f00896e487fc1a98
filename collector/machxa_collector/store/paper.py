"""Keep when units worked on paper, what they took in meanwhile, and what of it was typed in since."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, RowMapping, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from machxa_collector.registry.audit import Entry
from machxa_collector.store import audit
from machxa_collector.store.record_rows import parts
from machxa_collector.store.tables import paper_lines, paper_spells

MOST_LINES = 5000
_spell, _line = paper_spells.c, paper_lines.c


class Refused(ValueError):
    """Say why paper work cannot be written down so; the person who asked can mend it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """Hold one time in which a unit works by hand; times are ms since 1970 UTC, ended_at None: it goes on."""

    pk: int
    unit: str
    started_at: int
    ended_at: int | None
    groups: tuple[str, ...]
    reason: str
    incident: str | None
    declared_at: int
    declared_by: str
    ended_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Hold one dossier taken on paper; entered_at None: not typed in yet."""

    pk: int
    spell: int
    unit: str
    number: str
    group: str
    received_at: int
    stages: tuple[str, ...]
    entered_at: int | None
    dossier: str | None
    made_at: int
    made_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Give a line that somebody writes into the ledger."""

    number: str
    group: str
    received_at: int
    stages: tuple[str, ...]
    entered_at: int | None = None
    dossier: str | None = None


def declare(
    store: Engine, act: Entry, unit: str, started_at: int, groups: Sequence[str], reason: str, incident: str | None
) -> int:
    """Begin a spell; return its number. Raises Refused while another goes on."""
    with store.begin() as connection:
        audit.record(connection, act)
        open_one = select(_spell.pk).where(_spell.unit == unit, _spell.ended_at.is_(None))
        later = select(_spell.pk).where(_spell.unit == unit, _spell.ended_at > started_at)
        if connection.execute(open_one).first() is not None:
            raise Refused(f"unit {unit} works on paper already; end that first")
        if connection.execute(later).first() is not None:
            raise Refused("it would begin before an earlier time on paper ended")
        row = {
            "unit": unit,
            "started_at": started_at,
            "groups": " ".join(groups),
            "reason": reason,
            "incident": incident,
            "declared_at": act.at,
            "declared_by": act.actor,
        }
        made = connection.execute(insert(paper_spells).values(row))
        return int(made.inserted_primary_key[0])  # type: ignore[index] # an insert of one row has it


def end(store: Engine, act: Entry, pk: int, ended_at: int) -> None:
    """End a spell; raises Refused when it has ended, or would end before it began."""
    with store.begin() as connection:
        audit.record(connection, act)
        done = connection.execute(
            update(paper_spells)
            .where(_spell.pk == pk, _spell.ended_at.is_(None), _spell.started_at <= ended_at)
            .values(ended_at=ended_at, ended_by=act.actor)
        )
        if done.rowcount != 1:
            raise Refused("it has ended already, or would end before it began")


def spell(store: Engine, pk: int) -> Spell | None:
    """Return one spell."""
    with store.connect() as connection:
        row = connection.execute(select(paper_spells).where(_spell.pk == pk)).mappings().first()
    return None if row is None else _to_spell(row)


def spells(store: Engine, units: Collection[str], start: int, end: int) -> list[Spell]:
    """Return the spells of units that lasted within start to end (ms), oldest first."""
    query = select(paper_spells).where(_spell.started_at < end, or_(_spell.ended_at.is_(None), _spell.ended_at > start))
    with store.connect() as connection:
        rows = [
            row
            for some in parts(sorted(units))
            for row in connection.execute(query.where(_spell.unit.in_(some))).mappings()
        ]
    return sorted(map(_to_spell, rows), key=lambda one: (one.started_at, one.pk))


def newest(store: Engine, units: Collection[str] | None, most: int) -> list[Spell]:
    """Return the newest spells of units (None: all)."""
    query = select(paper_spells).order_by(_spell.started_at.desc(), _spell.pk.desc()).limit(most)
    if units is not None:
        query = query.where(_spell.unit.in_(sorted(units)))
    with store.connect() as connection:
        return [_to_spell(row) for row in connection.execute(query).mappings()]


def add_lines(store: Engine, act: Entry, of: Spell, taken: Sequence[Taken]) -> int:
    """Write lines into a spell's ledger, all or none; a number that is there is typed-in news of that line alone.

    Returns how many are new. Raises Refused for a number of another spell, and beyond MOST_LINES.
    """
    with store.begin() as connection:
        audit.record(connection, act)
        numbers = [one.number for one in taken]
        there: dict[str, RowMapping] = {}
        for some in parts(sorted(numbers)):
            query = select(paper_lines).where(_line.unit == of.unit, _line.number.in_(some))
            there |= {row["number"]: row for row in connection.execute(query).mappings()}
        count = connection.execute(select(func.count()).where(_line.spell == of.pk)).scalar_one()
        fresh = [one for one in taken if one.number not in there]
        if count + len(fresh) > MOST_LINES:
            raise Refused(f"a ledger has at most {MOST_LINES} lines")
        other = next((number for number, row in there.items() if row["spell"] != of.pk), None)
        if other is not None:
            raise Refused(f"number {other!r} stands in another ledger of this unit")
        for one in taken:
            if one.number in there and one.entered_at is not None:
                where = (_line.pk == there[one.number]["pk"], _line.entered_at.is_(None))
                connection.execute(
                    update(paper_lines).where(*where).values(entered_at=one.entered_at, dossier=one.dossier)
                )
        if fresh:
            try:
                connection.execute(insert(paper_lines), [_row(of, one, act) for one in fresh])
            except IntegrityError as exc:
                raise Refused("a number stands twice in what was sent") from exc
        return len(fresh)


def lines(store: Engine, pk: int) -> list[Line]:
    """Return a spell's ledger in the order in which dossiers came."""
    query = select(paper_lines).where(_line.spell == pk).order_by(_line.received_at, _line.pk)
    with store.connect() as connection:
        return [_to_line(row) for row in connection.execute(query).mappings()]


def left_to_enter(store: Engine, units: Collection[str]) -> list[Line]:
    """Return what units took on paper and have not typed in, the oldest first."""
    query = select(paper_lines).where(_line.entered_at.is_(None))
    with store.connect() as connection:
        rows = [
            row
            for some in parts(sorted(units))
            for row in connection.execute(query.where(_line.unit.in_(some))).mappings()
        ]
    return sorted(map(_to_line, rows), key=lambda one: (one.received_at, one.pk))


def _row(of: Spell, one: Taken, act: Entry) -> Mapping[str, object]:
    return {
        "spell": of.pk,
        "unit": of.unit,
        "number": one.number,
        "grp": one.group,
        "received_at": one.received_at,
        "stages": " ".join(one.stages),
        "entered_at": one.entered_at,
        "dossier": one.dossier,
        "made_at": act.at,
        "made_by": act.actor,
    }


def _to_spell(row: RowMapping) -> Spell:
    return Spell(**{**row, "groups": tuple(row["groups"].split())})


def _to_line(row: RowMapping) -> Line:
    told = dict(row)
    return Line(group=told.pop("grp"), stages=tuple(told.pop("stages").split()), **told)
