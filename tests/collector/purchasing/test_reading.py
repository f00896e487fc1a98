"""What the newest readings of an agent say of its asset, from the store as the intake fills it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine, insert, update

from machxa_collector.planning.failing import signs, watched_of
from machxa_collector.planning.rules import shipped_rules
from machxa_collector.planning.told import Measured, asset_of
from machxa_collector.purchasing.situation import situation
from machxa_collector.registry.people.territory import EVERYWHERE
from machxa_collector.store import planning, repairs, tables
from machxa_collector.store.registry import LiveRegistry
from machxa_wire.records import Series
from tests.collector.builders import MIDNIGHT, Known, samples, take

_DISK = ("hw.id", "sda")


def _usage(state: str, where: str) -> Series:
    labels = (("system.device", where), ("system.filesystem.mountpoint", where), ("system.filesystem.state", state))
    return Series("system.filesystem.usage", labels, 4096)


_SERIES = (
    _usage("free", "/"),
    _usage("used", "/"),
    _usage("free", "/var"),
    _usage("used", "/var"),
    Series("hw.status", (_DISK, ("hw.state", "predicted_failure"), ("hw.type", "physical_disk"))),
    Series("hw.physical_disk.endurance_utilization", (_DISK, ("hw.physical_disk.state", "remaining")), 1, 100),
    Series("hw.physical_disk.smart", (_DISK, ("hw.physical_disk.smart_attribute", "pending_sectors"))),
    Series("hw.physical_disk.smart", (_DISK, ("hw.physical_disk.smart_attribute", "spin_retries"))),
    Series("machxa.crash.count", (("machxa.crash.kind", "system"), ("window", "7d"))),
    Series("machxa.crash.count", (("machxa.crash.kind", "unexpected_shutdown"), ("window", "7d"))),
)
_VALUES = (50, 50, 5, 95, 1, 7, 3, 99, 4, 9)


def test_the_newest_readings_tell_of_disks_and_crashes(store: Engine, agent: Known) -> None:
    take(store, agent, samples(1, MIDNIGHT, (0,), tuple((value,) for value in _VALUES), _SERIES))

    found = planning.measured(store, [agent.asset])

    assert found == {
        agent.asset: Measured(disk_free_ratio=0.05, is_prefail=True, endurance_left_ratio=0.07, sectors=3, crashes=4)
    }


def test_what_was_not_measured_stays_unknown(store: Engine, agent: Known) -> None:
    take(store, agent, samples(1, MIDNIGHT, (0,), ((None,),), (_SERIES[4],)))

    assert planning.measured(store, [agent.asset]) == {agent.asset: Measured()}


def test_an_asset_read_from_the_store_has_its_signs(store: Engine, agent: Known) -> None:
    with store.begin() as connection:
        connection.execute(update(tables.assets).values(unit="29410"))
    take(store, agent, samples(1, MIDNIGHT, (0,), tuple((value,) for value in _VALUES), _SERIES))

    booked = planning.booked(store, EVERYWHERE, MIDNIGHT)
    asset = asset_of(booked[0], None, planning.measured(store, [agent.asset])[agent.asset])

    assert (booked[0].is_heard, asset.works) == (True, True)
    names = [sign.name for sign in signs(watched_of(asset), shipped_rules())]
    assert names == ["disk_prefail", "disk_worn", "disk_sectors", "crashes"]


def test_what_is_disposed_of_or_stands_nowhere_is_not_planned_for(store: Engine, agent: Known) -> None:
    assert planning.booked(store, EVERYWHERE, MIDNIGHT) == ()
    with store.begin() as connection:
        connection.execute(update(tables.assets).values(unit="29410", status="disposed"))

    assert planning.booked(store, EVERYWHERE, MIDNIGHT) == ()
    assert agent.asset


def test_repairs_that_people_entered_are_read_with_their_asset(store: Engine) -> None:
    rows = [
        {"id": key, "kind": "printer", "name": "in", "created_at": 1, "unit": "29410", "status": "broken"}
        | {"merged_into": into, "cost_vnd": 8_000_000}
        for key, into in (("p1", None), ("p2", "p1"))
    ]
    entered = [
        {"id": f"r{n}", "unit": "29410", "assets": asset, "state": state, "done_on": date(2026, 11, n), "what": "sửa"}
        | {"cost_vnd": vnd}
        for n, (asset, state, vnd) in enumerate((("p1", "done", None), ("p2", "estimate", 3_000_000)), 1)
    ]
    with store.begin() as connection:
        connection.execute(insert(tables.assets), rows)
        connection.execute(insert(tables.repairs), entered)

    (one,) = situation(store, LiveRegistry(store).current(), EVERYWHERE, 1_796_000_000_000).assets

    assert (one.id, one.repairs, one.failures, one.repair_vnd, one.is_repairable) == ("p1", 1, 1, 3_000_000, True)
    assert [(one.state, one.vnd) for one in repairs.of_asset(store, "p1")] == [("estimate", 3_000_000), ("done", None)]
