"""Fill a store with communes, devices and troubles by chance, for the benchmark of the pages; nothing here is real."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random

from sqlalchemy import Engine, insert, select

from machxa_collector.impact.severity import Severity
from machxa_collector.incidents.incident import Evidence, Incident, Why
from machxa_collector.incidents.words import Cause, Layer
from machxa_collector.registry.units import Unit
from machxa_collector.store import incidents
from machxa_collector.store import tables as t

_PROVIDERS = ("VNPT", "Viettel", "FPT", "CMC")
_KINDS = ("computer",) * 8 + ("printer", "scanner", "router")
_AT_ONCE = 5000
_MINUTE = 60_000
_DAY = 86_400_000
_ONE = Incident(
    id="0" * 16,
    cause=Cause.LINE,
    layer=Layer.WAN,
    subject="",
    state="down",
    units=(),
    started_at=0,
    noticed_at=0,
    ended_at=None,
    severity=Severity.P2,
    confidence=0.9,
    witnesses=3,
    evidence=(),
    children=2,
    first_cause=None,
    reports=0,
    suppressed_by=None,
    why=(Why(code="dark_line", figures={"devices": 3}),),
)


def fill(store: Engine, units: Sequence[Unit], devices: int, now_ms: int, chance: Random) -> None:
    """Put so many devices over the units, a line and a contact into each, and troubles into some of them."""
    computers: list[tuple[str, str]] = []
    with store.begin() as connection:
        for rows in _pieces(_assets(units, devices, now_ms, chance, computers)):
            connection.execute(insert(t.assets), rows)
        agents = [
            {
                "pk": number, "id": str(uuid.UUID(int=chance.getrandbits(128))), "shard": "00", "key": b"k" * 32,
                "asset_id": asset, "role": "pc", "unsigned": False, "enrolled_at": now_ms - 90 * 86_400_000,
            }
            for number, (asset, _) in enumerate(computers, 10)
        ]  # fmt: skip
        for rows in _pieces(iter(agents)):
            connection.execute(insert(t.agents), rows)
            connection.execute(insert(t.presence), [_presence(row, now_ms, chance) for row in rows])
            connection.execute(insert(t.streams), [_stream(row, now_ms, chance) for row in rows])
        lines = [_line(unit, chance) for unit in units]
        connection.execute(insert(t.lines), lines)
        connection.execute(insert(t.contacts), [_contact(unit) for unit in units])
        connection.execute(insert(t.human_reports), [_report(n, chance.choice(units), now_ms) for n in range(40)])
    incidents.save(store, _troubles(units, computers, now_ms, chance))


def fill_dossiers(store: Engine, units: Sequence[Unit], count: int, now_ms: int) -> None:
    """Put so many dossiers of one source over the units and the last sixty days; those of before yesterday are done."""
    source = {"pk": 1, "id": "bench", "name": "Bench", "body": "{}", "changed_at": now_ms, "changed_by": "bench"}
    told = {"kind": "rows", "state": "done", "way": "command", "actor": "bench", "at": now_ms, "as_of": now_ms}
    file = {"form": "csv", "file_name": "bench", "file_sha256": "", "mapping": "", "mapping_version": 1, "report": "{}"}
    with store.begin() as connection:
        connection.execute(insert(t.dossier_sources), [source])
        connection.execute(insert(t.dossier_imports), [{"pk": 1, "id": "bench", "source": 1, **told, **file}])
        for some in _pieces(_dossier(number, units, now_ms) for number in range(count)):
            connection.execute(insert(t.dossiers), some)


def _dossier(number: int, units: Sequence[Unit], now_ms: int) -> dict[str, object]:
    age = number % 60
    received = now_ms - age * _DAY - 2 * 60 * _MINUTE
    ended = received + _DAY if age > 1 else None
    return {
        "source": 1, "import_pk": 1, "number": f"H61-{number:010}", "unit": units[number % len(units)].code,
        "grp": ("HT", "CT", "DD")[number % 3], "received_at": received, "due_at": received + 2 * _DAY,
        "released_at": ended, "finished_at": ended,
    }  # fmt: skip


def device_of(store: Engine, unit: str) -> str:
    """Return the id of a unit's first computer."""
    query = select(t.assets.c.id).where(t.assets.c.unit == unit, t.assets.c.kind == "computer")
    with store.connect() as connection:
        found: str = connection.execute(query.order_by(t.assets.c.name).limit(1)).scalar_one()
    return found


def _assets(
    units: Sequence[Unit], devices: int, now_ms: int, chance: Random, computers: list[tuple[str, str]]
) -> Iterator[dict[str, object]]:
    for number in range(devices):
        unit = units[number % len(units)]
        kind = _KINDS[number // len(units) % len(_KINDS)]
        asset = str(uuid.UUID(int=chance.getrandbits(128)))
        if kind == "computer":
            computers.append((asset, unit.code))
        yield {
            "id": asset, "kind": kind, "name": f"MAY-{unit.code}-{number:05}", "vendor": "Dell Inc.",
            "model": "OptiPlex 3020", "serial": f"SN{number:07}", "created_at": now_ms - 90 * 86_400_000,
            "unit": unit.code, "code": f"TS-{number:06}", "status": "in_use", "origin": "import", "tags": "",
            "fixed": "",
        }  # fmt: skip


def _presence(row: dict[str, object], now_ms: int, chance: Random) -> dict[str, object]:
    state = "on" if chance.random() < 0.9 else "off"  # noqa: PLR2004 - a tenth are switched off
    return {"agent_pk": row["pk"], "state": state, "since": now_ms - 3_600_000, "boot": "b", "role": None}


def _stream(row: dict[str, object], now_ms: int, chance: Random) -> dict[str, object]:
    counts = dict.fromkeys(("contiguous", "highest", "received"), 900) | {"declared": 0, "duplicates": 0}
    seen = {"first_at": now_ms - 86_400_000, "last_at": now_ms - chance.randrange(5 * _MINUTE)}
    return {"pk": row["pk"], "agent_pk": row["pk"], "stream": f"{row['pk']:016x}", **counts, **seen}


def _line(unit: Unit, chance: Random) -> dict[str, object]:
    own = {"id": str(uuid.UUID(int=chance.getrandbits(128))), "unit": unit.code}
    return {**own, "name": "Internet", "kind": "fibre", "provider": chance.choice(_PROVIDERS)}


def _contact(unit: Unit) -> dict[str, object]:
    own = {"id": str(uuid.uuid5(uuid.NAMESPACE_OID, unit.code)), "unit": unit.code}
    return {**own, "role": "it", "position": "Cán bộ đầu mối CNTT", "phone": "0270 000 000"}


def _report(number: int, unit: Unit, now_ms: int) -> dict[str, object]:
    at = now_ms - number * _MINUTE
    told = {"category": "printer", "symptom": "down", "text": "kẹt giấy", "source": "web", "reporter": "lan"}
    key = f"{number:032x}"
    return {
        "id": key, "key": key, "digest": b"d" * 32, "unit": unit.code, "at": at, "received_at": at,
        "state": "unverified", **told,
    }  # fmt: skip


def _troubles(
    units: Sequence[Unit], computers: Sequence[tuple[str, str]], now_ms: int, chance: Random
) -> Iterator[Incident]:
    """Give a system that half of all feel, some lines that are down, some devices that are gone or about to fail."""
    began = now_ms - 47 * _MINUTE
    half = tuple(sorted(unit.code for unit in units[: max(1, len(units) // 2)]))
    signs = tuple(Evidence(kind="hang", source=code, at=began) for code in half[:20])
    yield replace(
        _ONE, id="a" * 16, cause=Cause.PROVINCIAL_SYSTEM, layer=Layer.PROVINCE, subject="dossier", state="hang",
        units=half, started_at=began, noticed_at=began, severity=Severity.P1, witnesses=len(half), evidence=signs,
        reports=3,
    )  # fmt: skip
    for number, unit in enumerate(chance.sample(list(units), max(1, len(units) // 20))):
        at = now_ms - chance.randrange(5, 300) * _MINUTE
        yield replace(_ONE, id=f"b{number:015x}", subject=unit.code, units=(unit.code,), started_at=at, noticed_at=at)
    words = (("lost", Severity.P3), ("disk_failing", Severity.P4), ("toner_low", Severity.P4), ("silent", Severity.P4))
    for number, (asset, code) in enumerate(chance.sample(list(computers), min(len(computers), len(units) // 4 + 1))):
        at, (state, severity) = now_ms - chance.randrange(5, 900) * _MINUTE, words[number % len(words)]
        yield replace(
            _ONE, id=f"c{number:015x}", cause=Cause.DEVICE, layer=Layer.EQUIPMENT, subject=asset, state=state,
            units=(code,), started_at=at, noticed_at=at, severity=severity,
        )  # fmt: skip


def _pieces(rows: Iterator[dict[str, object]]) -> Iterator[list[dict[str, object]]]:
    piece: list[dict[str, object]] = []
    for row in rows:
        piece.append(row)
        if len(piece) == _AT_ONCE:
            yield piece
            piece = []
    if piece:
        yield piece
