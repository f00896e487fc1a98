from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import Engine

from machxa_collector.registry.records import Known, Value
from machxa_collector.store import seed
from machxa_collector.store.engine import open_store
from machxa_collector.store.records import Act, Change, Refused, Remove, apply
from machxa_collector.store.registry import LiveRegistry

TODAY = date(2026, 11, 25)
DAY_OFF: dict[str, Value] = {
    "owner": "29410",
    "rule": "off",
    "valid_from": TODAY,
    "name": "Lễ hội",
    "source": "QĐ 1",
    "confidence": "confirmed",
}
COMMUNE: dict[str, Value] = {
    "code": "99991",
    "kind": "commune",
    "type": "xã",
    "name": "Mới Toanh",
    "parent": "86",
    "valid_from": date(2026, 1, 1),
    "source": "NQ 1",
}


@dataclass
class Clock:
    """Stand still until told otherwise."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seeded(store: Engine) -> Engine:
    """Return a store seeded for Vĩnh Long."""
    seed.seed(store, "86", "test", 1_000)
    return store


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveRegistry]:
    """Return a live registry over a seeded store that no test changes after a few assets were written."""
    store = open_store(tmp_path_factory.mktemp("asked") / "machxa.db")
    seed.seed(store, "86", "test", 1_000)
    write(
        store,
        "assets",
        {"name": "A", "kind": "printer", "code": "0012", "serial": "VN1"},
        {"name": "B", "kind": "printer", "code": "0013", "serial": "VN1"},
    )
    yield LiveRegistry(store)
    store.dispose()


def write(store: Engine, kind: str, *created: dict[str, Value]) -> tuple[str, ...]:
    with store.begin() as connection:
        return apply(connection, kind, Act(actor="Lan", at_ms=2_000), created).made


def is_off(live: LiveRegistry, unit: str = "29410") -> bool:
    return not live.current().calendars.plan(unit, TODAY).official


def test_before_a_centre_is_seeded_the_units_that_came_with_the_collector_answer(store: Engine) -> None:
    now = LiveRegistry(store).current()

    assert (now.is_bundled, now.home) == (True, None)
    assert now.units.unit("29410", TODAY) is not None
    assert now.calendars.plan("29410", TODAY).official


def test_an_act_of_this_process_is_seen_at_once_and_one_of_another_within_a_second(seeded: Engine) -> None:
    clock = Clock()
    mine, others = LiveRegistry(seeded, clock), LiveRegistry(seeded, clock)
    assert not is_off(mine)
    assert not is_off(others)

    write(seeded, "calendars", DAY_OFF)
    mine.refresh()

    assert is_off(mine)
    assert not is_off(others)
    clock.now += 1.0
    assert is_off(others)


def test_units_are_not_indexed_again_for_a_change_of_calendars_or_assets(seeded: Engine) -> None:
    live = LiveRegistry(seeded)
    before = live.current()

    write(seeded, "assets", {"name": "A", "kind": "printer"})
    assert live.refresh() is before
    write(seeded, "calendars", DAY_OFF)
    after = live.refresh()

    assert after is not before
    assert (after.index, after.names) == (before.index, before.names)


def test_a_unit_that_is_added_is_found_and_has_a_calendar(seeded: Engine) -> None:
    live = LiveRegistry(seeded)
    live.current()

    write(seeded, "units", COMMUNE)

    now = live.refresh()
    assert now.names.find("xã mới toanh") == ("99991",)
    assert now.calendars.plan("99991", TODAY).official


def test_the_home_province_may_change(seeded: Engine) -> None:
    live = LiveRegistry(seeded)
    assert live.current().home == "86"

    seed.seed(seeded, "75", "test", 3_000)

    assert live.refresh().home == "75"


def test_threads_that_ask_while_units_change_always_get_a_whole_registry(seeded: Engine) -> None:
    live = LiveRegistry(seeded)
    wrong: list[object] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            now = live.refresh()
            if not now.calendars.plan("86-HCC", TODAY).official or now.units.unit("86", TODAY) is None:
                wrong.append(now)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(5):
        write(seeded, "units", {**COMMUNE, "code": f"9999{number}"})
    done.set()
    for thread in threads:
        thread.join(30)

    assert wrong == []


@pytest.mark.parametrize(
    ("units", "message"),
    [
        ({"parent": "98"}, "its parent '98' is no province"),
        ({"code": "29410"}, "unit 29410 has two rows on 2026-01-01"),
        ({"kind": "centre", "type": None, "code": "99991"}, "does not fit the tier"),
        ({"valid_to": date(2025, 1, 1)}, "ends before it begins"),
    ],
)
def test_units_that_contradict_each_other_are_refused(seeded: Engine, units: dict[str, Value], message: str) -> None:
    with pytest.raises(Refused, match=message):
        write(seeded, "units", {**COMMUNE, **units})


def test_a_unit_that_a_record_names_is_not_removed(seeded: Engine) -> None:
    made = write(seeded, "units", COMMUNE)[0]
    write(seeded, "assets", {"name": "A", "kind": "printer", "unit": "99991"})

    with pytest.raises(Refused, match="unit 99991 is still named by assets"), seeded.begin() as connection:
        apply(connection, "units", Act(actor="Lan", at_ms=3_000), removes=[Remove(made)])


def test_a_unit_gets_its_second_row_when_the_first_ends(seeded: Engine) -> None:
    made = write(seeded, "units", COMMUNE)[0]
    day = date(2027, 1, 1)

    with seeded.begin() as connection:
        apply(
            connection,
            "units",
            Act(actor="Lan", at_ms=3_000),
            [{**COMMUNE, "type": "phường", "valid_from": day}],
            [Change(made, {"valid_to": day})],
        )

    units = LiveRegistry(seeded).current().units
    assert [row.full_name for row in units.history("99991")] == ["Xã Mới Toanh", "Phường Mới Toanh"]


def test_units_are_not_begun_by_hand(store: Engine) -> None:
    province: dict[str, Value] = {
        "code": "98", "kind": "province", "type": "tỉnh", "name": "Mới", "source": "NQ"
    }  # fmt: skip

    with pytest.raises(Refused, match="run machxa init first"):
        write(store, "units", province)


@pytest.mark.parametrize("bulk", [False, True], ids=["form", "file"])
@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("29410", ("29410",)),
        ("Xã Hòa Minh", ("29410",)),
        ("xã hoà minh", ("29410",)),
        ("HOA MINH", ("29410",)),
        ("xã Châu Thành", ("29374",)),  # there are others elsewhere
        ("Tỉnh Vĩnh Long", ("86",)),
        ("Thành phố Đồng Nai", ("75",)),
        ("Tỉnh Đồng Nai", ("75",)),  # as it was called until April 2026
        ("hoa min", ()),
        ("", ()),
    ],
)
def test_a_unit_is_known_by_its_code_or_exactly_its_name(
    asked: LiveRegistry, text: str, codes: tuple[str, ...], *, bulk: bool
) -> None:
    known: Known = asked.known_in_bulk() if bulk else asked.known()

    assert known.units(text) == codes


def test_a_name_that_repeats_outside_of_the_home_province_stands_for_all_that_have_it(asked: LiveRegistry) -> None:
    found = asked.known().units("Xã Phú Nghĩa")

    assert found == asked.known_in_bulk().units("Xã Phú Nghĩa")
    assert len(found) == 2


@pytest.mark.parametrize("bulk", [False, True], ids=["form", "file"])
def test_an_asset_is_known_by_its_code_serial_or_id(asked: LiveRegistry, *, bulk: bool) -> None:
    known: Known = asked.known_in_bulk() if bulk else asked.known()

    (one,), (other,) = known.assets("0012"), known.assets("0013")
    assert known.assets("VN1") == (one, other)
    assert known.assets(one) == (one,)
    assert known.assets("12") == ()


def test_a_store_that_another_process_seeds_meanwhile_is_seeded_once(place: str) -> None:
    stores = [open_store(place), open_store(place)]
    done: list[int] = []
    threads = [
        threading.Thread(target=lambda store=store: done.append(seed.seed(store, "86", "test", 1).units))
        for store in stores
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(done) == [0, 3_414]
    for store in stores:
        store.dispose()
