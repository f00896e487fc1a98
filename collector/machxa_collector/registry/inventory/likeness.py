"""Say which entries of the books a draft may be, best first, each with what speaks for it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from machxa_collector.registry.identity import serial_as_compared
from machxa_collector.registry.records import Record
from machxa_collector.registry.units.fold import words

MOST_CANDIDATES = 3
_LEAST_WORD = 3  # characters: "hp" and "in" stand in every second name
_WEIGHTS: Mapping[str, int] = {"serial": 8, "code": 6, "model": 3, "vendor": 2, "kind": 1}
_FAMILIES = (
    frozenset({"computer", "laptop", "tablet", "server"}),
    frozenset({"printer", "multifunction", "copier"}),
    frozenset({"router", "switch", "access_point", "firewall", "modem"}),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Hold one entry that a draft may be; reasons are "serial", "code", "model", "vendor", "kind"."""

    id: str
    reasons: tuple[str, ...]


def candidates(draft: Record, entries: Iterable[tuple[str, Record]]) -> tuple[Candidate, ...]:
    """Return up to MOST_CANDIDATES entries that a draft may be; none where nothing but the unit is the same.

    Kinds must be of one family unless the serial is the same; another serial on both sides is another device.
    """
    found = []
    for entry_id, entry in entries:
        reasons = _reasons(draft, entry)
        if reasons:
            weight = sum(_WEIGHTS[one] for one in reasons)
            found.append((-weight, entry_id, Candidate(id=entry_id, reasons=reasons)))
    return tuple(candidate for _, _, candidate in sorted(found, key=lambda one: one[:2])[:MOST_CANDIDATES])


def _reasons(draft: Record, entry: Record) -> tuple[str, ...]:
    ours, theirs = _serial(draft), _serial(entry)
    if ours and ours == theirs:
        return ("serial", *_other_reasons(draft, entry))
    if (ours and theirs) or not _is_one_family(str(draft["kind"]), str(entry["kind"])):
        return ()
    return _other_reasons(draft, entry)


def _other_reasons(draft: Record, entry: Record) -> tuple[str, ...]:
    said = set(words(" ".join(str(entry[name] or "") for name in ("name", "vendor", "model"))))
    told = {
        "code": bool(entry["code"])
        and words(str(entry["code"])) == words(str(draft["name"])),  # PCs named by their tag
        "model": any(len(one) >= _LEAST_WORD and one in said for one in words(str(draft["model"] or ""))),
        "vendor": bool(words(str(draft["vendor"] or ""))[:1]) and words(str(draft["vendor"]))[0] in said,
        "kind": _is_one_family(str(draft["kind"]), str(entry["kind"])),
    }
    return tuple(reason for reason, holds in told.items() if holds)


def _serial(record: Record) -> str:
    return serial_as_compared(str(record["serial"])) if record["serial"] else ""


def _is_one_family(one: str, other: str) -> bool:
    return one == other or any(one in family and other in family for family in _FAMILIES)
