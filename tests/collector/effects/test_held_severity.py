"""How grave an incident is follows the dossiers it holds up once it has lasted; the unknown is left to the layer."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import Engine, delete, insert

from machxa_collector.effects.facts import Facts
from machxa_collector.effects.outages import Known
from machxa_collector.effects.severity import HeldSeverity
from machxa_collector.impact import Paper, Severity, Unit
from machxa_collector.incidents.incident import Why
from machxa_collector.incidents.severity import Effect, Weight
from machxa_collector.incidents.words import Cause
from machxa_collector.store import tables
from machxa_collector.store.registry import LiveRegistry
from tests.collector.builders import MIDNIGHT
from tests.collector.effects.scene import CHAU_THANH, OTHER, at
from tests.collector.incidents.province import HOUR, Town, fleet
from tests.collector.stores import fresh_store

MINUTE = 60_000
DOSSIER = Effect(
    id="i1",
    cause=Cause.PROVINCIAL_SYSTEM,
    state="down",
    subject="dossier",
    units=(CHAU_THANH, OTHER),
    started_at=at(8),
    worked_ms=20 * MINUTE,
    in_session_ms=50 * MINUTE,
    began_working=True,
    counter=False,
    takes_dossiers=True,
    waiting=False,
    unstable=False,
    until=at(8, 20),
    spell_at=at(8),
)


@pytest.fixture(scope="module")
def facts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Facts]:
    """Return the facts of all tests here: units, and no devices but those that a test puts for itself."""
    store = fresh_store(tmp_path_factory.mktemp("severity") / "machxa.db")
    yield Facts(LiveRegistry(store), lambda: at(10))
    store.dispose()


@pytest.fixture
def severity(facts: Facts) -> Iterator[HeldSeverity]:
    yield HeldSeverity(facts)
    with facts.store.begin() as connection:
        connection.execute(delete(tables.assets))
        connection.execute(delete(tables.counters))


def lasting(minutes: int, **more: object) -> Effect:
    """Return the outage after so many minutes."""
    told = {"worked_ms": minutes * MINUTE, "until": at(8) + minutes * MINUTE, **more}
    return replace(DOSSIER, **told)  # type: ignore[arg-type] # a table of changes


def put_devices(store: Engine, **kinds: int) -> None:
    """Let Châu Thành have devices, all used at one counter."""
    rows = [
        {"id": f"{kind}-{n}", "kind": kind, "name": kind, "created_at": MIDNIGHT, "unit": CHAU_THANH, "code": None}
        for kind, count in kinds.items()
        for n in range(count)
    ]
    used = "; ".join(str(row["id"]) for row in rows)
    counter = {"id": "q1", "unit": CHAU_THANH, "code": "1", "name": "Quầy 1", "groups": "", "assets": used}
    with store.begin() as connection:
        connection.execute(insert(tables.assets), rows)
        connection.execute(insert(tables.counters), [counter])


def figures(weight: Weight) -> Mapping[str, str | int | float]:
    (why,) = weight.why
    return why.figures


def test_a_stage_of_a_whole_unit_blocked_for_a_quarter_of_an_hour_is_p1_and_says_so(severity: HeldSeverity) -> None:
    found = severity(lasting(20))

    assert (found.severity, found.is_known, found.why[0].code) == (Severity.P1, True, "held_blocked")
    assert figures(found) == {"unit": CHAU_THANH, "held": 1.1, "of_day": 4, "blocked_minutes": 20}


def test_before_that_the_layer_decides(severity: HeldSeverity) -> None:
    assert severity(lasting(10)) == Weight(severity=Severity.P2)


@pytest.mark.parametrize(
    ("minutes", "level", "code"),
    [(20, Severity.P4, "held_share"), (60, Severity.P3, "held_share")],
)
def test_a_system_that_fails_now_and_then_grows_graver_with_what_it_holds(
    severity: HeldSeverity, minutes: int, level: Severity, code: str
) -> None:
    why = (Why(code="system_intermittent", figures={"error_percent": 35}),)

    found = severity(lasting(minutes, state="intermittent", why=why))

    assert (found.severity, found.why[0].code) == (level, code)


def test_one_printer_of_two_holds_as_many_dossiers_as_it_takes(severity: HeldSeverity, facts: Facts) -> None:
    put_devices(facts.store, printer=2, computer=3)

    found = severity(
        lasting(60, cause=Cause.DEVICE, subject="printer-0", state="blocked", units=(CHAU_THANH,), counter=True)
    )

    assert (found.severity, found.why[0].code, found.is_known) == (Severity.P3, "held_share", True)


def test_a_computer_beyond_those_needed_holds_nothing(severity: HeldSeverity, facts: Facts) -> None:
    put_devices(facts.store, printer=1)
    rows = [
        {"id": f"c{n}", "kind": "computer", "name": "x", "created_at": MIDNIGHT, "unit": CHAU_THANH} for n in (1, 2)
    ]
    with facts.store.begin() as connection:
        connection.execute(insert(tables.assets), rows)

    found = severity(lasting(60, cause=Cause.DEVICE, subject="c1", state="lost", units=(CHAU_THANH,)))

    assert found == Weight(severity=Severity.P4, why=(Why(code="held_none"),), is_known=True)


def test_what_is_not_known_the_layer_decides(severity: HeldSeverity) -> None:
    stranger = lasting(60, cause=Cause.DEVICE, subject="nobody", state="blocked", units=(CHAU_THANH,))
    slow = lasting(60, state="slow")

    assert (severity(stranger), severity(slow)) == (Weight(severity=Severity.P3), Weight(severity=Severity.P2))


class Counting(Facts):
    """Count what is asked of the store."""

    asked: list[str]

    def units(self, codes: Collection[str], stocked: Collection[str] | None = None) -> tuple[dict[str, Unit], Known]:
        self.asked += codes
        return super().units(codes, stocked)

    def papers(self, units: Collection[str], start: datetime, end: datetime) -> list[Paper]:
        self.asked.append("papers")
        return super().papers(units, start, end)


def test_it_is_reckoned_anew_only_when_it_has_lasted_longer(facts: Facts) -> None:
    counting = Counting(facts.live, lambda: at(10))
    counting.asked = []
    severity = HeldSeverity(counting)

    for seconds in range(0, 120, 10):
        severity(replace(lasting(20), worked_ms=20 * MINUTE + seconds * 1000))
    first = counting.asked.count("papers")
    severity(lasting(24))

    assert (first, counting.asked.count("papers")) == (2, 4)  # two units each time


def test_units_are_read_once_for_all_incidents_of_a_while(facts: Facts) -> None:
    counting = Counting(facts.live, lambda: at(10))
    counting.asked = []
    now = [0.0]
    severity = HeldSeverity(counting, lambda: now[0])

    for number in range(5):
        severity(lasting(20 + number, id=f"i{number}"))
    at_once = [one for one in counting.asked if one != "papers"]
    now[0] += 15
    severity(lasting(40, id="later"))

    assert sorted(at_once) == sorted((CHAU_THANH, OTHER))
    assert sorted(one for one in counting.asked if one != "papers") == sorted(2 * (CHAU_THANH, OTHER))


def test_the_first_known_severity_takes_the_place_of_the_guess_and_then_the_worst_stays() -> None:
    said = [Weight(severity=Severity.P2)]
    town = Town(fleet(("VNPT",) * 3 + ("Viettel",) * 3), severity=lambda _: said[-1])
    town.darken("00000")

    def level() -> tuple[Severity, tuple[str, ...]]:
        town.now += HOUR // 4
        town.tick()
        (one,) = town.judge.incidents()
        return one.severity, tuple(why.code for why in one.why)

    found = [level()]
    for weight in (
        Weight(severity=Severity.P4, why=(Why(code="held_none"),), is_known=True),
        Weight(severity=Severity.P3, why=(Why(code="held_share"),), is_known=True),
        Weight(severity=Severity.P1),
        Weight(severity=Severity.P4, why=(Why(code="held_none"),), is_known=True),
    ):
        said.append(weight)
        found.append(level())

    assert [one for one, _ in found] == [Severity.P2, Severity.P4, Severity.P3, Severity.P3, Severity.P3]
    assert [why[-1] for _, why in found[1:]] == ["held_none", "held_share", "held_share", "held_none"]
