from __future__ import annotations

import pytest
from sqlalchemy import Engine

from machxa_collector.registry.facts import identity
from machxa_collector.store.queries import one_asset
from machxa_wire.records import Facts, Place, Stamp
from tests.collector.builders import MIDNIGHT, STREAM, Known, take


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
