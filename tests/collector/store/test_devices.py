"""A device that a gateway asks becomes an asset: recognized, with facts, state and samples of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from sqlalchemy import Engine, func, insert, select, update

from machxa_collector.store import devices, tables
from machxa_collector.store.asset_samples import newest_of_device, read_asset
from machxa_wire.records import Event, Facts, Place, Series, Stamp
from tests.collector.builders import MIDNIGHT, STREAM, UPTIME, Known, enrol, samples, take

STAMP = Stamp("0badcafe.1", MIDNIGHT, 1000)
COMMUNE = "00001"
DEVICE: dict[str, object] = {
    "type": "Printer", "machxa_kind": "printer", "manufacturer": "Canon", "model": "LBP6230dn",
    "serial": "NTKA012345", "name": "may-in-1", "ips": ["192.168.1.20"], "mac": "00:1e:8f:aa:bb:01",
}  # fmt: skip
PRINTER = {"network_device": DEVICE}


def printer(**changes: object) -> dict[str, object]:
    """Return the printer's facts with some changed."""
    return {"network_device": {**DEVICE, **changes}}


def told(store: Engine, agent: Known, seq: int, body: Mapping[str, object], key: str = "may-in") -> str:
    """Take the facts of a device and return the asset it is."""
    take(store, agent, Facts(Place(STREAM, seq), STAMP, body, device=key))
    with store.connect() as connection:
        columns = tables.devices.c
        query = select(columns.asset_id).where(columns.agent_pk == agent.pk, columns.key == key)
        return str(connection.execute(query).scalar_one())


def asset(store: Engine, asset_id: str) -> dict[str, object]:
    """Return an asset's row."""
    with store.connect() as connection:
        row = connection.execute(select(tables.assets).where(tables.assets.c.id == asset_id)).mappings().one()
    return dict(row)


def place(store: Engine, agent: Known, unit: str | None) -> None:
    """Let an agent's computer stand in a unit."""
    with store.begin() as connection:
        connection.execute(update(tables.assets).where(tables.assets.c.id == agent.asset).values(unit=unit))


def test_a_device_nobody_knew_is_a_draft_in_the_gateway_s_unit_and_its_facts_are_not_the_gateway_s(
    store: Engine, agent: Known
) -> None:
    place(store, agent, COMMUNE)
    before = asset(store, agent.asset)

    made = asset(store, told(store, agent, 1, PRINTER))

    shown = {name: made[name] for name in ("kind", "name", "vendor", "model", "serial", "unit", "status")}
    assert shown == {
        "kind": "printer", "name": "may-in-1", "vendor": "Canon", "model": "LBP6230dn", "serial": "NTKA012345",
        "unit": COMMUNE, "status": "draft",
    }  # fmt: skip
    assert asset(store, agent.asset) == before


def test_it_stays_the_same_asset_when_it_is_told_again_with_a_new_name(store: Engine, agent: Known) -> None:
    first = told(store, agent, 1, PRINTER)

    again = told(store, agent, 2, printer(name="may-in-2"))

    assert again == first
    assert asset(store, first)["name"] == "may-in-2"


def test_another_device_under_the_same_key_is_another_asset(store: Engine, agent: Known) -> None:
    first = told(store, agent, 1, PRINTER)

    other = told(store, agent, 2, printer(serial="NTKA999999", mac="00:1e:8f:aa:bb:99"))

    assert other != first
    assert asset(store, first)["serial"] == "NTKA012345"


def test_ever_other_devices_under_one_key_do_not_fill_the_registry(
    store: Engine, agent: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "MOST_DRAFTS", 3)
    serials = [f"NTKA{number:06}" for number in range(6)]
    made = {told(store, agent, seq, printer(serial=serial, mac=None)) for seq, serial in enumerate(serials, 1)}

    assert len(made) == 3
    assert told(store, agent, 7, PRINTER, "may-in-2") not in made


def test_two_gateways_that_ask_one_device_speak_of_one_asset(store: Engine, agent: Known) -> None:
    standby = enrol(store, "may-tinh-02")
    first = told(store, agent, 1, PRINTER)

    assert told(store, standby, 1, PRINTER, "in:1") == first
    assert {one.agent for one in devices.watching(store, first)} == {agent.id, standby.id}


def test_a_device_that_a_person_entered_by_serial_is_recognized(store: Engine, agent: Known) -> None:
    with store.begin() as connection:
        row = {"id": "a" * 36, "kind": "printer", "name": "Máy in", "model": "LBP 6230dn", "serial": "ntka 012345"}
        connection.execute(insert(tables.assets).values({**row, "created_at": 0, "origin": "form"}))

    assert told(store, agent, 1, PRINTER) == "a" * 36


def test_a_serial_of_another_maker_or_of_another_unit_recognizes_nothing(store: Engine, agent: Known) -> None:
    row = {"kind": "printer", "name": "x", "serial": "NTKA012345", "created_at": 0, "origin": "form"}
    with store.begin() as connection:
        connection.execute(insert(tables.assets).values({**row, "id": "a" * 36, "vendor": "Ricoh"}))
        connection.execute(insert(tables.assets).values({**row, "id": "b" * 36, "unit": "99999"}))

    assert told(store, agent, 1, PRINTER) not in ("a" * 36, "b" * 36)


def test_a_serial_of_zeros_makes_no_two_devices_one(store: Engine, agent: Known) -> None:
    blank = printer(serial="00000000", mac=None)

    assert told(store, agent, 1, blank, "in-1") != told(store, agent, 2, blank, "in-2")


def test_its_samples_are_read_by_its_asset_and_not_by_the_gateway_s(store: Engine, agent: Known) -> None:
    made = told(store, agent, 1, PRINTER)
    pages = Series("machxa.printer.pages", (("device", "may-in"),))
    other = pages._replace(labels=(("device", "in-2"),))
    record = samples(2, MIDNIGHT, (0, 60, 120), ((1, 2, 3), (None, 700, None), (None, None, 9)), (UPTIME, pages, other))
    take(store, agent, record, now_ms=MIDNIGHT + 180_000)
    span = (MIDNIGHT, MIDNIGHT + 3_600_000)

    (curve,) = read_asset(store, made, "machxa.printer.pages", span, 0)

    assert (curve.labels, curve.times, curve.columns[""]) == ((), (MIDNIGHT + 60_000,), (700,))
    assert read_asset(store, agent.asset, "machxa.printer.pages", span, 0) == ()
    assert [(one.series.labels, one.value, one.time) for one in newest_of_device(store, made)] == [
        ((), 700, MIDNIGHT + 60_000)
    ]


def test_a_transition_stands_on_the_device_and_a_late_one_does_not_undo_it(store: Engine, agent: Known) -> None:
    made = told(store, agent, 1, PRINTER)
    late = replace(STAMP, time=MIDNIGHT - 60_000)

    take(
        store,
        agent,
        Event(Place(STREAM, 2), STAMP, "device.state", {"device": "may-in", "state": "blocked", "reasons": "jam,door"}),
        Event(Place(STREAM, 3), late, "device.state", {"device": "may-in", "state": "ok", "reasons": ""}),
        Event(Place(STREAM, 4), STAMP, "device.state", {"device": "nobody", "state": "ok"}),
    )

    (row,) = devices.watching(store, made)
    assert (row.state, row.reasons) == ("blocked", ("jam", "door"))
    assert [one.key for one in devices.watching_both_ways(store, agent.asset)[1]] == ["may-in"]


def test_an_agent_that_invents_devices_fills_no_registry(store: Engine, agent: Known) -> None:
    seqs = range(1, devices.MOST_DEVICES + 3)
    told_of = [
        Facts(Place(STREAM, seq), STAMP, printer(serial=f"X{seq:06}9A", mac=None), device=f"d{seq}") for seq in seqs
    ]

    take(store, agent, *told_of)

    assert len(devices.watching_both_ways(store, agent.asset)[1]) == devices.MOST_DEVICES
    with store.connect() as connection:
        made = connection.execute(select(func.count()).select_from(tables.assets)).scalar_one()
    assert made == devices.MOST_DEVICES + 1  # and the gateway's own


def test_the_devices_of_a_unit_s_gateways_are_told_by_address_once(store: Engine, agent: Known) -> None:
    standby = enrol(store, "may-tinh-02")
    told(store, agent, 1, PRINTER)
    told(store, standby, 1, PRINTER, "in:1")
    told(store, agent, 2, printer(serial="B1C2D3", mac=None, ips=[]), "no-address")

    assert devices.on_the_lan(store, [agent.pk, standby.pk]) == (("in:1", "printer", "192.168.1.20"),)
