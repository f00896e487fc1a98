"""Plant hostile texts wherever a text comes from outside: through files, forms, telephones, and agents' records."""

from __future__ import annotations

import csv
import io

from machxa_collector.demo.keys import key_of, secret_of
from machxa_collector.demo.plan import PCS
from machxa_collector.drill.fleet import communes
from machxa_collector.registry.enrolment import shard_of
from machxa_fleet.drill.place import agent_id, device_key
from machxa_fleet.parade import Message, Parade
from machxa_wire.encode import encode
from machxa_wire.mac import sign
from machxa_wire.records import Event, Facts, Hello, Place, Sequenced, Stamp
from machxa_wire.topics import Address
from tests.e2e.hostile import STRINGS
from tests.e2e.planting_papers import plant_papers
from tests.e2e.planting_registry import plant_registry
from tests.e2e.staged import COMMUNES, Staged

_STREAM, _BOOT = "fade" * 4, "hostile.1"
_TABLES = {  # kind -> columns that take any text, and those that must be said
    "assets": (
        ("name", "vendor", "model", "location", "supplier", "budget", "norm_row", "tags", "note"),
        {"kind": "computer"},
    ),
    "lines": (("name", "provider", "contract", "ticket_desk", "note"), {"kind": "internet"}),
    "contacts": (("position", "name", "email", "note"), {"role": "it"}),
    "counters": (("name", "note"), {"code": "{number}"}),
    "repairs": (
        ("what", "supplier", "note"),
        {"assets": "{unit}-pc1", "state": "done", "done_on": "{day:02}/09/2026", "cost_vnd": "100000"},
    ),
    "planned": (
        ("subject", "source", "note"),
        {"kind": "maintenance", "starts_at": "{day}/12/2026 08:00", "ends_at": "{day}/12/2026 09:00"},
    ),
}


def plant(centre: Staged) -> dict[str, str]:
    """Plant all; return ids by the names that addresses of pages use."""
    units = list(communes()["86"][:COMMUNES])
    found = _files(centre, units[0])
    _people(centre, units)
    incident = centre.ask("/incidents")["incidents"][0]["id"]
    for at in range(0, len(STRINGS), 6):
        centre.ask(f"/incidents/{incident}/acts", {"kind": "note", "text": " ".join(STRINGS[at : at + 6])[:1000]})
    for text in STRINGS[::7]:
        centre.ask(f"/incidents/{incident}/acts", {"kind": "own", "owner": text[:200]})
        centre.ask(f"/incidents/{incident}/acts", {"kind": "ticket", "number": text[:200], "at": text[:200]})
    papers = plant_papers(centre, units)
    plant_registry(centre, units)
    _agents(centre, units)
    return {**found, **papers, "incident": incident}


def _files(centre: Staged, unit: str) -> dict[str, str]:
    found = {}
    for kind, (columns, said) in _TABLES.items():
        titles = [*columns, *said, "unit"]
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(titles)
        for number, text in enumerate(STRINGS):
            filled = [one.format(number=number, day=1 + number % 28, unit=unit) for one in said.values()]
            if kind != "planned" or number < 28:  # one a day
                writer.writerow([*(text[:200] for _ in columns), *filled, unit])
        taken = centre.ask(f"/imports/{kind}", out.getvalue().encode())
        mapping = {title: title for title in titles}
        centre.ask(f"/imports/{taken['id']}/mapping", {"columns": mapping}, "PUT", is_told=False)
        centre.ask(f"/imports/{taken['id']}/apply?good_only=true", {}, "POST", is_told=False)
        found["import_id"] = taken["id"]
    return found


def _people(centre: Staged, units: list[str]) -> None:
    for number, text in enumerate(STRINGS):
        report = {"unit": units[number % len(units)], "category": "other", "symptom": "error", "text": text}
        centre.ask("/reports", {**report, "device": text[:100]}, is_told=False)
    for number, text in enumerate(STRINGS[::6]):
        person = {"login": f"hostile{number}", "name": text[:120], "roles": ["clerk"], "scope": units[0]}
        centre.ask("/people", person, is_told=False)
    take = centre.ask("/stocktakes", {"unit": units[0], "note": STRINGS[0]}, is_told=False)
    if take:
        for text in STRINGS[::5]:
            centre.ask(f"/stocktakes/{take['id']}/marks", {"code": text, "room": text[:200]}, is_told=False)
    centre.ask("/paper", {"unit": units[1], "reason": " ".join(STRINGS[:6])[:500]}, is_told=False)


def _agents(centre: Staged, units: list[str]) -> None:
    """Let an agent of the fleet each tell one of the texts in all that it may say, over the broker."""
    secret = secret_of(centre.data)
    parade = Parade(*centre.broker, None)
    for number, text in enumerate(STRINGS):
        unit, asset = units[number % len(units)], f"pc{1 + number // len(units) % PCS}"
        agent = agent_id(unit, asset)
        address, key = Address(agent, shard_of(agent)), key_of(secret, agent)
        stamp = Stamp(_BOOT, 1_795_746_300_000, 1_000)
        hello = encode(Hello(stamp, _STREAM, 0, 0, 0, "pc", {"agent": text[:40]}, None, fault=text[:100]))
        parade.send(Message(agent, address.up, hello, sign(key, address.up, hello)))
        for seq, record in enumerate(_said(text, device_key(unit, "printer1"), stamp, number), 1):
            payload = encode(_numbered(record, seq))
            parade.send(Message(agent, address.up, payload, sign(key, address.up, payload), stream=_STREAM, seq=seq))
    parade.drain(60.0)
    parade.close()


def _said(text: str, printer: str, stamp: Stamp, number: int) -> list[Sequenced]:
    first = Place(_STREAM, 1)
    body: dict[str, object] = {
        "hardware": {"name": text, "chassis_type": text},
        "bios": {"smanufacturer": text, "smodel": text, "bversion": text},
        "operatingsystem": {"name": text, "full_name": text, "version": text},
        "cpus": [{"name": text, "core": 2}],
        "softwares": [{"name": text, "version": text}],
        "printers": [{"name": text, "driver": text}],
        "monitors": [{"caption": text, "manufacturer": text}],
    }
    report = {"id": f"{number:032x}", "category": "printer", "symptom": "error", "note": text, "device": text[:100]}
    device = {"network_device": {"type": "Printer", "machxa_kind": "printer", "name": text, "model": text}}
    return [
        Facts(first, stamp, body),
        Event(first, stamp, "human.report", report),
        Event(first, stamp, "service.state", {"service": text[:100], "state": "down", "was": text[:40]}),
        Event(first, stamp, "device.state", {"device": printer, "state": "warning", "reasons": text[:100]}),
        Event(
            first,
            stamp,
            "check.state",
            {"check": "dossier", "system": "dossier", "state": "error", "reason": text[:80]},
        ),
        *([Facts(first, stamp, device, device=f"hostile-{number}")] if number % 6 == 0 else []),
    ]


def _numbered(record: Sequenced, seq: int) -> Sequenced:
    place = Place(_STREAM, seq)
    if isinstance(record, Facts):
        return Facts(place, record.stamp, record.facts, device=record.device)
    assert isinstance(record, Event)
    return Event(place, record.stamp, record.name, record.attributes)
