"""Put a commune into a store: computers, devices a gateway watches, papers, reports and incidents of one day."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import date

from sqlalchemy import Engine, insert, select, update

from machxa_collector.impact.severity import Severity
from machxa_collector.incidents.incident import Evidence, Why
from machxa_collector.incidents.words import Cause, Layer
from machxa_collector.store import incidents, tables
from tests.collector.api.places_of_assets import put_assets
from tests.collector.effects.scene import CHAU_THANH, OTHER, SOFTWARE, at, put_counts, put_late

NOW = at(10, 20)
HOSTILE = "<script>document.title='taken'</script>\"'><img src=x onerror=alert(1)>\u202egnp.exe\u200b"
PRINTER, ROUTER, CERTIFICATES = (str(uuid.uuid5(uuid.NAMESPACE_DNS, name)) for name in ("printer", "router", "phoi"))
ROOMS = ("Một cửa", "Văn thư", HOSTILE, None)
PRESENCES = ("on", "on", "on", "lost", "on", "off")
JAM = replace(
    SOFTWARE,
    id="de" * 8,
    cause=Cause.DEVICE,
    layer=Layer.EQUIPMENT,
    subject=PRINTER,
    state="blocked",
    units=(CHAU_THANH,),
    started_at=at(9, 5),
    noticed_at=at(9, 6),
    ended_at=None,
    severity=Severity.P2,
    confidence=0.97,
    witnesses=1,
    evidence=(Evidence(kind="jam", source=CHAU_THANH, at=at(9, 5)),),
    why=(Why(code="device_blocked", figures={"reasons": "jam"}),),
)
LAND = replace(SOFTWARE, id="1a" * 8, subject="land", started_at=at(9, 45), ended_at=None, units=(CHAU_THANH, OTHER))
LINE = replace(
    SOFTWARE,
    id="11" * 8,
    cause=Cause.LINE,
    layer=Layer.WAN,
    subject=CHAU_THANH,
    units=(CHAU_THANH,),
    started_at=at(7, 40),
    noticed_at=at(7, 42),
    ended_at=at(7, 58),
)


def put_commune(store: Engine) -> list[tuple[str, str]]:
    """Fill Châu Thành on Thursday 26/11/2026 at twenty past ten; return its computers' ids with their agents'."""
    put_counts(store)
    put_late(store)
    computers = put_computers(store, PRESENCES)
    watched = (
        ("p1", PRINTER, "printer", "Máy in LBP 2900", "blocked", "jam", ""),
        ("r1", ROUTER, "router", "Bộ định tuyến VNPT", "ok", "", ""),
        ("p2", CERTIFICATES, "printer", HOSTILE, "warning", "toner_low", "in phôi giấy chứng nhận"),
    )
    put_watched(store, computers[0][1], watched)
    _put_papers(store, computers[0][0])
    incidents.save(store, [SOFTWARE, JAM, LAND, LINE])
    return computers


def put_computers(store: Engine, presences: tuple[str, ...], seed: int = 3) -> list[tuple[str, str]]:
    """Put computers with their agents' presences; the first watches for the unit."""
    ids = put_assets(store, CHAU_THANH, len(presences), seed)
    with store.begin() as connection:
        for number, ((asset, agent), state) in enumerate(zip(ids, presences, strict=True)):
            columns = tables.agents.c
            pk = connection.execute(select(columns.pk).where(columns.id == agent)).scalar_one()
            said = {"name": f"MOTCUA-{seed}{number}", "location": ROOMS[number % 4], "code": f"TS-{seed}{number:03}"}
            book = {"status": "in_use", "acquired_year": 2015, "acquired_source": "book", "cost_vnd": 14_500_000}
            connection.execute(update(tables.assets).where(tables.assets.c.id == asset).values({**said, **book}))
            row = {"agent_pk": pk, "state": state, "since": at(7, 25), "boot": "b"}
            connection.execute(insert(tables.presence).values(row))
            books = dict.fromkeys(("contiguous", "highest", "received"), 12) | dict.fromkeys(
                ("declared", "duplicates"), 0
            )
            stream = {"agent_pk": pk, "stream": f"{seed:08x}{number:08x}", "first_at": at(7), "last_at": at(10, 18)}
            connection.execute(insert(tables.streams).values({**books, **stream}))
        connection.execute(update(tables.agents).where(tables.agents.c.id == ids[0][1]).values(role="gateway"))
    return ids


def put_watched(store: Engine, gateway: str, watched: tuple[tuple[str, str, str, str, str, str, str], ...]) -> None:
    """Put devices that a gateway watches: key, id, kind, name, state, reasons, tags."""
    columns = tables.agents.c
    with store.begin() as connection:
        pk = connection.execute(select(columns.pk).where(columns.id == gateway)).scalar_one()
        for key, asset, kind, name, state, reasons, tags in watched:
            told = {"id": asset, "kind": kind, "name": name, "tags": tags, "location": "Một cửa", "status": "in_use"}
            row = {**told, "created_at": at(7), "unit": CHAU_THANH, "vendor": "Canon", "model": "LBP 2900"}
            connection.execute(insert(tables.assets).values(row))
            seen = {"agent_pk": pk, "key": key, "asset_id": asset, "first_at": at(7), "observed_at": at(10)}
            body = json.dumps({"printers": [{"name": name}]})
            said = {"body": body, "state": state, "reasons": reasons, "state_at": at(9, 5)}
            connection.execute(insert(tables.devices).values({**seen, **said}))


def _put_papers(store: Engine, computer: str) -> None:
    contact = {"id": "c1", "unit": CHAU_THANH, "role": "it", "position": HOSTILE, "phone": "0912 345 678"}
    line = {"id": "l1", "unit": CHAU_THANH, "name": "Cáp quang 1", "kind": "internet", "provider": HOSTILE}
    contract = {"down_mbps": 200, "up_mbps": 100, "price_vnd_per_month": 1_100_000, "expires_on": date(2027, 6, 30)}
    counter = {"id": "q1", "unit": CHAU_THANH, "code": "1", "name": "Hộ tịch", "groups": "HT; CT"}
    with store.begin() as connection:
        connection.execute(insert(tables.contacts).values(contact))
        connection.execute(insert(tables.lines).values({**line, **contract}))
        connection.execute(insert(tables.counters).values({**counter, "assets": f"{computer}; TS-3001"}))
        for number, (category, text) in enumerate((("printer", "Kẹt giấy khay 2"), ("one_stop", HOSTILE))):
            said = {"unit": CHAU_THANH, "category": category, "text": text, "waiting": "6-20", "symptom": "slow"}
            row = {"id": str(uuid.UUID(int=number)), "key": f"key-{number:020}", "digest": b"d" * 32, "at": at(9)}
            kept = {"received_at": at(9, number), "source": "direct", "reporter": "lan", "state": "unverified"}
            connection.execute(insert(tables.human_reports).values({**row, **said, **kept}))
