"""Say what a stock-take shows: what is there, elsewhere, damaged or not found, and what that would change. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from machxa_collector.registry.records import Record

EXPECTED = frozenset({"in_use", "spare", "broken", "repair", "missing"})  # what the books hold, drafts are not in them
_ALREADY_BROKEN = frozenset({"broken", "repair"})
_BACK = frozenset({"missing", "disposed", "rejected", "draft"})  # whoever is found with one of these is there after all
LABEL = "/q/"  # a label's address: .../q/CODE
_LONGEST_CODE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Hold what somebody scanned or typed; asset None where it names none of ours. room None: nobody said."""

    code: str
    asset: str | None
    is_damaged: bool = False
    room: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Hold what the books would have to say of one asset; why are "missing", "moved", "damaged", "again", "room".

    before and after are the fields that differ.
    """

    asset: str
    why: tuple[str, ...]
    before: Mapping[str, str | None]
    after: Mapping[str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Hold what a stock-take shows: ids of assets, codes that name none, proposals in the order of the books."""

    expected: int
    found: tuple[str, ...]
    moved: tuple[str, ...]
    damaged: tuple[str, ...]
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    proposals: tuple[Proposal, ...] = field(default=())


def code_of(text: str) -> str:
    """Return the code in what was scanned or typed: a label's address, or the code itself; "" for nothing."""
    said = text.strip()
    path = urlsplit(said).path if "://" in said else said
    if LABEL in path:
        said = unquote(path.rpartition(LABEL)[2])
    return " ".join(said.split())[:_LONGEST_CODE]


def findings(unit: str, records: Mapping[str, Record], marks: Sequence[Mark]) -> Findings:
    """Return what the marks show against the books; records are the unit's assets and all that were marked."""
    by_asset = {mark.asset: mark for mark in marks if mark.asset is not None and mark.asset in records}
    unknown = tuple(mark.code for mark in marks if mark.asset is None or mark.asset not in records)
    expected = [one for one, record in records.items() if record["unit"] == unit and record["status"] in EXPECTED]
    missing = tuple(one for one in expected if one not in by_asset)
    proposals = [
        _proposal(unit, one, records[one], by_asset.get(one)) for one in (*expected, *_others(by_asset, expected))
    ]
    return Findings(
        expected=len(expected),
        found=tuple(one for one in expected if one in by_asset),
        moved=tuple(one for one in by_asset if records[one]["unit"] != unit),
        damaged=tuple(one for one, mark in by_asset.items() if mark.is_damaged),
        missing=missing,
        unknown=unknown,
        proposals=tuple(one for one in proposals if one is not None),
    )


def _others(by_asset: Mapping[str, Mark], expected: Iterable[str]) -> tuple[str, ...]:
    known = frozenset(expected)
    return tuple(one for one in by_asset if one not in known)


def _proposal(unit: str, asset: str, record: Record, mark: Mark | None) -> Proposal | None:
    changes: dict[str, tuple[str, str]] = {}  # field -> why, what it becomes
    status = str(record["status"])
    if mark is None:
        if status != "missing":
            changes["status"] = ("missing", "missing")
    else:
        if record["unit"] != unit:
            changes["unit"] = ("moved", unit)
        if mark.is_damaged and status not in _ALREADY_BROKEN:
            changes["status"] = ("damaged", "broken")
        elif status in _BACK:
            changes["status"] = ("again", "in_use")
        if mark.room and mark.room != record["location"]:
            changes["location"] = ("room", mark.room)
    if not changes:
        return None
    return Proposal(
        asset=asset,
        why=tuple(why for why, _ in changes.values()),
        before={name: None if record[name] is None else str(record[name]) for name in changes},
        after={name: value for name, (_, value) in changes.items()},
    )
