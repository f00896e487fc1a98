"""An incident is what the impact model takes: which classes it breaks or impairs, by cause, state and device."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from machxa_collector.checks.catalogue import builtin
from machxa_collector.effects.outages import Device, Known, Seen, outage_of, systems_of
from machxa_collector.effects.stocks import Counter, Standing, stocks_of
from machxa_collector.impact import Broken, Group, Health, Impaired, Outage, Remote, Stock, System
from machxa_collector.impact import Cause as Layer
from machxa_collector.incidents.incident import Why
from machxa_collector.incidents.words import Cause, Hush

KNOWN = Known(
    systems=systems_of(builtin()),
    devices={
        "p1": Device(kind="printer"),
        "p2": Device(kind="printer", prints_certificates=True),
        "m1": Device(kind="multifunction"),
        "r1": Device(kind="router"),
        "c1": Device(kind="computer"),
        "cam": Device(kind="camera"),
    },
)
LINE = Seen(id="i1", cause=Cause.LINE, state="down", subject="29374", units=("29374",), started_at=1_000, ended_at=None)
SYSTEM = replace(LINE, cause=Cause.PROVINCIAL_SYSTEM, subject="dossier")
DEVICE = replace(LINE, cause=Cause.DEVICE)


def impaired(system: System, health: Health, *groups: Group, **more: float) -> Impaired:
    return Impaired(system=system, state=Remote(health=health, **more), groups=frozenset(groups))


def broken(system: System, count: int | None = 1) -> Broken:
    return Broken(system=system, count=count)


@pytest.mark.parametrize(
    ("seen", "effects"),
    [
        (LINE, (impaired(System.LINE, Health.DOWN),)),
        (replace(LINE, state="degraded"), (impaired(System.LINE, Health.UNKNOWN),)),
        (replace(LINE, cause=Cause.PROVIDER, state="cut"), (impaired(System.LINE, Health.DOWN),)),
        (replace(LINE, cause=Cause.POWER), (impaired(System.POWER, Health.DOWN),)),
        (
            replace(LINE, cause=Cause.POWER_OR_LINE, state="dark"),
            (impaired(System.LINE, Health.DOWN), impaired(System.POWER, Health.UNKNOWN)),
        ),
        (SYSTEM, (impaired(System.DOSSIER, Health.DOWN),)),
        (replace(SYSTEM, state="hang"), (impaired(System.DOSSIER, Health.HANG),)),
        (replace(SYSTEM, state="slow"), (impaired(System.DOSSIER, Health.SLOW),)),
        (
            replace(SYSTEM, state="intermittent", why=(Why(code="x", figures={"error_percent": 20}),)),
            (impaired(System.DOSSIER, Health.INTERMITTENT, error_ratio=0.2),),
        ),
        (
            replace(SYSTEM, cause=Cause.NATIONAL_SYSTEM, subject="one_stop_moc"),
            (impaired(System.DOSSIER, Health.DOWN, Group.CONSTRUCTION),),
        ),
        (
            replace(SYSTEM, cause=Cause.UNKNOWN, subject="land", state="reported"),
            (impaired(System.LAND, Health.UNKNOWN, Group.LAND),),
        ),
        (
            replace(LINE, cause=Cause.LAN, why=(Why(code="lan_down", figures={"lost": 3, "of": 5}),)),
            (broken(System.PC, 3),),
        ),
        (replace(DEVICE, subject="p1", state="blocked"), (broken(System.PRINTER),)),
        (
            replace(DEVICE, subject="p2", state="blocked"),
            (broken(System.PRINTER), broken(System.CERTIFICATE_PRINTER)),
        ),
        (
            replace(DEVICE, subject="m1", state="unreachable"),
            (broken(System.PRINTER), broken(System.COPIER), broken(System.SCANNER)),
        ),
        (replace(DEVICE, subject="c1", state="lost"), (broken(System.PC),)),
        (replace(DEVICE, subject="c1", state="slow_pc"), (broken(System.PC, None),)),
        (replace(DEVICE, subject="r1", state="blocked"), (impaired(System.LINE, Health.UNKNOWN),)),
    ],
    ids=lambda one: f"{one.cause.value} {one.subject} {one.state}" if isinstance(one, Seen) else "",
)
def test_what_an_incident_takes(seen: Seen, effects: tuple[Broken | Impaired, ...]) -> None:
    found = outage_of(seen, KNOWN)

    assert found is not None
    assert found.effects == effects


@pytest.mark.parametrize(
    "seen",
    [
        replace(LINE, cause=Cause.CENTRE, subject="centre"),
        replace(SYSTEM, subject="meeting"),
        replace(DEVICE, subject="p1", state="toner_low"),
        replace(DEVICE, subject="cam", state="blocked"),
        replace(DEVICE, subject="stranger", state="blocked"),
    ],
    ids=["the centre itself", "no dossier waits for it", "a warning", "a camera", "a device nobody knows"],
)
def test_what_takes_nothing_from_dossiers_is_no_outage(seen: Seen) -> None:
    assert outage_of(seen, KNOWN) is None


def test_planned_maintenance_comes_first_among_causes_and_times_are_kept() -> None:
    found = outage_of(replace(SYSTEM, ended_at=61_000, hush=Hush.MAINTENANCE), KNOWN)

    assert found == Outage(
        id="i1",
        cause=Layer.MAINTENANCE,
        start=datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC),
        end=datetime(1970, 1, 1, 0, 1, 1, tzinfo=UTC),
        units=frozenset({"29374"}),
        effects=(impaired(System.DOSSIER, Health.DOWN),),
    )


def test_stocks_count_what_works_and_need_what_counters_use() -> None:
    def standing(name: str, kind: str, status: str = "in_use", unit: str = "29374") -> Standing:
        return Standing(id=name, code=f"TS-{name}", unit=unit, device=Device(kind=kind), status=status)

    assets = [standing(f"c{n}", "computer") for n in range(4)]
    assets += [standing("c9", "computer", "broken"), standing("p1", "printer"), standing("p2", "printer", "spare")]
    assets += [standing("s1", "scanner"), standing("p3", "printer", unit="29398")]
    counters = [
        Counter(unit="29374", assets=frozenset({"c0", "TS-p1"})),
        Counter(unit="29374", assets=frozenset({"c1"})),
        Counter(unit="29374", assets=frozenset()),
    ]

    found = stocks_of(assets, counters)

    assert found == {
        "29374": {
            System.PC: Stock(have=4, needed=3),
            System.PRINTER: Stock(have=2, needed=1),
            System.SCANNER: Stock(have=1, needed=None),
        },
        "29398": {System.PRINTER: Stock(have=1, needed=None)},
    }
