from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import Engine

from machxa_collector.registry.facts import firmware_day, identity
from machxa_collector.store.firmware import firmware_day_of, firmware_days
from machxa_collector.store.queries import one_asset
from machxa_wire.records import Facts, Place, Stamp
from tests.collector.builders import MIDNIGHT, STREAM, Known, enrol, take
from tests.collector.inventories import PC, tell


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param({}, {}, id="nothing said"),
        pytest.param({"bios": {"smanufacturer": " HP ", "smodel": ""}}, {"vendor": "HP"}, id="empty is not said"),
        pytest.param({"hardware": {"name": "A"}, "bios": {"ssn": "7"}}, {"name": "A", "serial": "7"}, id="some"),
        pytest.param({"bios": ["HP"], "hardware": {"name": 7}}, {}, id="other shapes than the schema's"),
        pytest.param({"bios": {"smodel": "x" * 300}}, {"model": "x" * 255}, id="long"),
    ],
)
def test_an_inventory_says_what_an_asset_is(body: dict[str, object], expected: dict[str, str]) -> None:
    assert identity(body) == expected


def test_what_a_later_inventory_does_not_say_stays(store: Engine, agent: Known) -> None:
    stamp = Stamp("0badcafe.1", MIDNIGHT, 0)
    take(store, agent, Facts(Place(STREAM, 1), stamp, {"bios": {"smanufacturer": "HP", "ssn": "7XK"}}))

    take(store, agent, Facts(Place(STREAM, 2), stamp, {"bios": {"smanufacturer": "HP Inc."}}))

    asset = one_asset(store, agent.asset)
    assert asset is not None
    assert (asset.name, asset.vendor, asset.model, asset.serial) == ("may-tinh-01", "HP Inc.", None, "7XK")


@pytest.mark.parametrize(
    ("bios", "expected"),
    [
        ({"bdate": "2017-03-09"}, date(2017, 3, 9)),
        ({"bdate": "03/09/2017"}, None),
        ({"bdate": 5}, None),
        ({}, None),
        ("x", None),
    ],
)
def test_the_firmwares_day_is_read_where_it_is_one(bios: object, expected: date | None) -> None:
    assert firmware_day({"bios": bios}) == expected


def test_a_computer_keeps_the_newest_day_of_its_firmware_that_it_told(store: Engine) -> None:
    agent = enrol(store, "VP-01")
    for seq, bios in enumerate(({"bdate": "2017-03-09"}, {"bdate": "2019-01-02"}, {"smodel": "OptiPlex"}), 1):
        tell(store, agent, {**PC, "bios": bios}, MIDNIGHT, seq)

    assert firmware_days(store) == {agent.asset: date(2019, 1, 2)}
    assert firmware_day_of(store, agent.asset) == date(2019, 1, 2)
