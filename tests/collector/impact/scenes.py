"""Build units, outages and steps for the tests of the impact model."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from machxa_collector.impact import (
    Broken,
    Cause,
    Group,
    Health,
    Impaired,
    Outage,
    Paper,
    Remote,
    Stock,
    System,
    Unit,
    UnitHeld,
    default_model,
    held_up,
    learn_flows,
)
from machxa_collector.impact.fluid import Step
from machxa_collector.registry.calendar import Calendars, ExtraHours, Layer, Source, UnitRows, vietnam
from machxa_collector.registry.calendar.hours import read_hours

CODE, PROVINCE = "29410", "86"  # Hòa Minh, Vĩnh Long
HANOI = timezone(timedelta(hours=7))
MODEL = default_model()
NATION = vietnam()
LATER = datetime(2026, 12, 31, tzinfo=HANOI)


def at(text: str) -> datetime:
    """Return a local time written in ISO."""
    return datetime.fromisoformat(text).replace(tzinfo=HANOI)


def calendars(*units: str, saturday: bool = False) -> Calendars:
    """Return the calendars of units of Vĩnh Long, with declared Saturday mornings if asked."""
    source = Source(reference="QĐ 12/QĐ-UBND, 03/07/2025")
    extra = ExtraHours(
        valid_from=date(2025, 7, 1), weekdays=frozenset({5}), sessions=read_hours(["07:30-11:30"]), source=source
    )
    layer = Layer(extra=(extra,)) if saturday else Layer()
    return Calendars(NATION, {}, {code: UnitRows(province=PROVINCE, layer=layer) for code in units or (CODE,)})


CALENDARS = calendars()


def unit(**stocks: Stock) -> Unit:
    """Return a unit with no counts of its own, so that its flow is the sources' 3.157 an hour."""
    flow = learn_flows((), CALENDARS, {CODE: PROVINCE}, MODEL, date(2026, 9, 1))[CODE]
    return Unit(code=CODE, flow=flow, stocks={System[name.upper()]: stock for name, stock in stocks.items()})


def outage(
    number: str, start: str, end: str | None, *effects: Broken | Impaired, cause: Cause = Cause.PROVINCE
) -> Outage:
    """Return an outage of the unit."""
    return Outage(
        id=number,
        cause=cause,
        start=at(start),
        end=None if end is None else at(end),
        units=frozenset({CODE}),
        effects=effects,
    )


def down(system: System, *groups: Group) -> Impaired:
    """Return that a system is down."""
    return Impaired(system=system, state=Remote(health=Health.DOWN), groups=frozenset(groups))


def failing(system: System, error_ratio: float | None) -> Impaired:
    """Return that a share of a system's answers are errors; None: nobody knows how many."""
    return Impaired(system=system, state=Remote(health=Health.INTERMITTENT, error_ratio=error_ratio))


def loss(*outages: Outage, of: Unit | None = None, papers: tuple[Paper, ...] = (), now: datetime = LATER) -> UnitHeld:
    """Return what outages hold up."""
    return held_up(of or unit(), outages, papers, CALENDARS, MODEL, now)


def step(
    hours: float,
    arrivals: float,
    *factors: float,
    capacity: float | None = None,
    paper: float = 0.0,
    deferred: float = 0.0,
) -> Step:
    """Return a step of a path with as many stages as factors; paper and deferred hold for the first stage."""
    rest = [0.0] * (len(factors) - 1)
    return Step(
        hours=hours,
        arrivals=arrivals,
        capacity=[1.25 * arrivals if capacity is None else capacity] * len(factors),
        factors=factors,
        paper=[paper, *rest],
        deferred=[deferred, *rest],
        disturbed=min(factors) < 1 or paper > 0 or deferred > 0,
    )
