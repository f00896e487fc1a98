from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from machxa_collector.planning.facts import System
from machxa_collector.planning.told import Measured, asset_of, least_free
from machxa_collector.planning.words import Item, Owner
from tests.collector.planning.scenes import BOOKED

_BODY: dict[str, Any] = {
    "operatingsystem": {
        "name": "Windows",
        "full_name": "Microsoft Windows 10 Enterprise LTSC",
        "version": "21H2",
        "build": "19044.4780",
        "edition": "EnterpriseS",
        "support_channel": "LTSC",
    },
    "hardware": {"memory": 7980, "windows11": {"missing": ["processor", "tpm"], "ready": False}},
    "cpus": [{"core": 4}],
    "memories": [{"capacity": "4096"}, {"capacity": 4096}],
    "storages": [{"name": "sda", "type": "HDD"}],
    "softwares": [{"name": "Google Chrome", "version": "140.0.1"}],
}


def test_an_inventory_becomes_what_planning_asks() -> None:
    found = asset_of(BOOKED, _BODY, Measured(disk_free_ratio=0.2, is_prefail=False))

    assert found.system == System(product="windows", release="10", version="19044", enterprise=True, long_term=True)
    assert (found.windows11, found.processor_listed, found.cores) == (False, False, 4)
    assert (found.memory_mb, found.is_spinning, found.disk_free_ratio, found.is_prefail) == (8192, True, 0.2, False)
    assert found.programs == (("Google Chrome", "140.0.1"),)


def test_without_an_inventory_nothing_is_known() -> None:
    found = asset_of(BOOKED, None)

    assert (found.system, found.windows11, found.processor_listed, found.cores) == (None, None, None, None)
    assert (found.memory_mb, found.is_spinning, found.disk_free_ratio, found.is_prefail) == (None, None, None, None)
    assert (found.crashes, found.repairs, found.failures) == (None, None, None)


@pytest.mark.parametrize(
    "body",
    [
        {"operatingsystem": [], "hardware": "x", "cpus": {}, "memories": [3], "storages": None, "softwares": [None]},
        {"operatingsystem": {"name": 3}, "hardware": {"windows11": 1, "memory": -5}, "cpus": [{"core": True}]},
        {"operatingsystem": {"name": "Windows", "full_name": "Windows"}, "cpus": [{"core": "9" * 400}]},
    ],
)
def test_a_body_of_any_shape_is_read_without_harm(body: dict[str, Any]) -> None:
    found = asset_of(BOOKED, body)

    assert (found.system is None or found.system.product == "3", found.cores, found.memory_mb) == (True, None, None)


@pytest.mark.parametrize(
    ("changed", "acquired_on", "firmware_on"),
    [
        ({"acquired_on": date(2020, 5, 1)}, date(2020, 5, 1), None),
        ({"acquired_year": 2020}, date(2020, 12, 31), None),
        ({"acquired_year": 2020, "acquired_source": "estimated"}, None, date(2020, 12, 31)),
        ({"acquired_on": date(2020, 5, 1), "acquired_source": "unknown"}, None, None),
        ({"firmware_on": date(2019, 1, 1)}, None, date(2019, 1, 1)),
    ],
    ids=["a day", "a year counts from its end", "an estimate bounds", "source unknown", "firmware alone"],
)
def test_a_day_of_purchase_is_the_books_alone(
    changed: dict[str, Any], acquired_on: date | None, firmware_on: date | None
) -> None:
    found = asset_of(replace(BOOKED, **changed), None)

    assert (found.acquired_on, found.firmware_on) == (acquired_on, firmware_on)


@pytest.mark.parametrize(
    ("status", "is_heard", "works"),
    [("in_use", False, True), ("broken", True, False), ("draft", True, True), ("draft", False, None)],
)
def test_a_draft_works_only_while_it_is_heard(status: str, is_heard: bool, works: bool | None) -> None:  # noqa: FBT001 - a table of cases
    assert asset_of(replace(BOOKED, status=status, is_heard=is_heard), None).works is works


def test_kinds_tags_and_owners_have_their_place() -> None:
    printer = asset_of(replace(BOOKED, kind="printer", tags=("In phôi Giấy Chứng Nhận",), owner="party"), None)
    both = asset_of(replace(BOOKED, kind="multifunction"), None)

    assert (printer.item, printer.functions, printer.owner) == (Item.PRINTER, (Item.CERTIFICATE_PRINTER,), Owner.PARTY)
    assert (both.item, both.functions) == (Item.COPIER, (Item.PRINTER, Item.SCANNER))
    assert asset_of(replace(BOOKED, kind="cabinet"), None).item is Item.OTHER


@pytest.mark.parametrize(
    ("storages", "spins"),
    [
        ([{"name": "nvme0n1", "type": "disk"}], False),
        ([{"name": "sda", "type": "disk"}], None),
        ([{"type": "SSD"}, {"type": "HDD"}], None),
        ([], None),
    ],
    ids=["NVMe", "a kind nobody said", "both kinds", "none"],
)
def test_a_disk_spins_only_where_all_are_known_to(storages: list[dict[str, str]], spins: bool | None) -> None:  # noqa: FBT001 - a table of cases
    assert asset_of(BOOKED, {"storages": storages}).is_spinning is spins


def test_the_fullest_volume_counts() -> None:
    assert least_free([(50, 50), (5, 95), (0, 0)]) == 0.05
    assert least_free([]) is None
