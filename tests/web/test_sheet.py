from __future__ import annotations

from datetime import date

import pytest

from machxa_web.sheet import Fact, facts_of
from tests.web.fixture_reader import FACTS


def test_an_inventory_becomes_rows_in_reading_order() -> None:
    assert facts_of(FACTS) == (
        Fact(label="Maker", value="Dell Inc."),
        Fact(label="Model", value="OptiPlex 3020"),
        Fact(label="Serial number", value="7GQ2K32"),
        Fact(label="BIOS date", value=date(2015, 7, 2)),
        Fact(label="BIOS version", value="A11"),
        Fact(label="CPU", value="Intel(R) Core(TM) i3-4150 CPU @ 3.50GHz (2C/4T)"),
        Fact(label="Memory installed", value=8192 * 1024 * 1024, is_bytes=True),
        Fact(label="Memory module", value="4 GB · DDR3 · 1600 MT/s · Kingston"),
        Fact(label="Memory module", value="4 GB · DDR3 · 1600 MT/s · Kingston"),
        Fact(label="Drive", value="Kingston SA400S37240G · 240 GB"),
        Fact(label="Operating system", value="Microsoft Windows 10 Pro"),
        Fact(label="OS version", value="22H2"),
        Fact(label="OS build", value="19045.6456"),
        Fact(label="Kernel", value="10.0.19045.6456"),
        Fact(label="Support channel", value="general availability"),
    )


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"bios": None, "cpus": {}, "memories": "4 GB", "storages": [None, 3], "hardware": []},
        {"bios": {"smodel": None, "ssn": ["x"], "bdate": True}, "cpus": [{"core": 2}], "hardware": {"memory": "8192"}},
        {"memories": [{"capacity": 0}, {"capacity": None}], "storages": [{"disksize": 5}], "hardware": {"memory": -1}},
    ],
    ids=["empty", "wrong kinds", "wrong types", "nothing installed"],
)
def test_a_fact_that_is_not_there_has_no_row(body: dict[str, object]) -> None:
    assert facts_of(body) == ()


def test_a_date_no_calendar_knows_is_shown_as_the_device_wrote_it() -> None:
    assert facts_of({"bios": {"bdate": "2015-13-40"}}) == (Fact(label="BIOS date", value="2015-13-40"),)


def test_equal_processors_are_counted() -> None:
    body = {"cpus": [{"name": "Xeon", "core": 8}, {"name": "Xeon", "core": 8}]}

    assert facts_of(body) == (Fact(label="CPU", value="2 × Xeon (8C)"),)


def test_a_device_that_a_gateway_asked_is_told_in_rows() -> None:
    device = {"manufacturer": "Canon", "model": "LBP6230dn", "serial": "NTKA", "firmware": "02.05", "ips": ["10.1.1.9"]}

    assert facts_of(
        {"network_device": device, "cartridges": [{"name": "Toner", "type": "toner"}, {"type": "ink"}]}
    ) == (
        Fact(label="Maker", value="Canon"),
        Fact(label="Model", value="LBP6230dn"),
        Fact(label="Serial number", value="NTKA"),
        Fact(label="Firmware", value="02.05"),
        Fact(label="Address in the network", value="10.1.1.9"),
        Fact(label="Supply", value="Toner"),
        Fact(label="Supply", value="ink"),
    )


def test_a_device_s_address_of_another_kind_is_no_row() -> None:
    assert facts_of({"network_device": {"ips": [7]}}) == ()
