"""Tell of units how ready they are now and in which of a few states, many at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from machxa_collector.effects.facts import Facts, outages_of
from machxa_collector.impact import Outage, Unit
from machxa_collector.impact.outages import Broken
from machxa_collector.impact.readiness import Readiness, readiness_opened
from machxa_collector.incidents.incident import Incident
from machxa_collector.incidents.worktime import WorkTime
from machxa_collector.store.unit_presence import NOBODY, Heard, heard_from

_INSTANT = timedelta(milliseconds=1)


class Serving(Enum):
    """Name how a unit serves; the colours of the pages follow these, and nothing unknown is green."""

    WELL = "well"
    WEAK = "weak"  # everything passes, something of it slower
    PARTLY = "partly"  # a group of dossiers stands still in one of its channels
    STOPPED = "stopped"
    UNCLEAR = "unclear"  # something is wrong, and nobody can tell how much of it
    PLANNED = "planned"  # what is wrong was announced
    OFF = "off"  # all said good-bye, or no session runs
    UNSEEN = "unseen"  # agents stand there, and none is heard
    NEVER = "never"  # no agent stands there


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitReady:
    """Hold a unit's state; ready is None where nothing is heard that would tell."""

    unit: str
    serving: Serving
    ready: Readiness | None
    heard: Heard
    in_session: bool
    incidents: tuple[Incident, ...]


def units_ready(facts: Facts, codes: Collection[str]) -> Mapping[str, UnitReady]:
    """Return how ready units are now, those that the registry knows; a few queries for 500 units."""
    now, at = facts.now(), facts.now_ms()
    open_ones = [one for one in facts.incidents(codes, now, now + _INSTANT) if one.ended_at is None]
    touched = {code for one in open_ones for code in one.units}
    units, devices = facts.units(codes, touched)  # where nothing is wrong, what a unit has changes nothing
    heard = heard_from(facts.store, units)
    outages = outages_of(open_ones, devices)
    time, model = WorkTime(facts.calendars), facts.model()
    its_incidents = _by_unit(open_ones)
    its_outages: dict[str, list[Outage]] = {}
    for outage in outages:
        for code in outage.units:
            its_outages.setdefault(code, []).append(outage)
    told: dict[
        tuple[object, ...], Readiness
    ] = {}  # most units are alike: nothing is wrong, or one thing in all of them

    def ready(unit: Unit) -> Readiness:
        acting = its_outages.get(unit.code, ())
        key = _rests_on(unit, acting)
        if key not in told:
            told[key] = readiness_opened(unit, acting, model)
        return told[key]

    return {
        code: judge(
            unit,
            ready(unit),
            heard.get(code, NOBODY),
            its_incidents.get(code, ()),
            in_session=time.working(code, at),
        )
        for code, unit in units.items()
    }


def judge(unit: Unit, told: Readiness, heard: Heard, incidents: Collection[Incident], *, in_session: bool) -> UnitReady:
    """Return a unit's state from what is wrong and what is heard; who is heard by nobody is ready for nothing known.

    What stops everything for sure is said whoever is heard: a UPS may have told of the power before it went silent.
    """
    serving = _serving(told, heard, incidents, in_session=in_session)
    tells = heard.on > 0 or (told.is_stopped and heard.agents > 0)
    return UnitReady(
        unit=unit.code,
        serving=serving,
        ready=told if tells else None,
        heard=heard,
        in_session=in_session,
        incidents=tuple(incidents),
    )


def _rests_on(unit: Unit, acting: Collection[Outage]) -> tuple[object, ...]:
    """Return what a unit's readiness is reckoned from: two units of the same are equally ready."""
    own = unit.flow.own
    learnt = unit.code if own.by_weekday or own.by_group or own.online else ""
    flow = (learnt, id(unit.flow.province))
    if not acting:
        return flow
    effects = [effect for one in acting for effect in one.effects]
    broken = tuple(unit.stocks.get(one.system) for one in effects if isinstance(one, Broken))
    absent = frozenset(system for system, stock in unit.stocks.items() if not stock.counts)
    return (*flow, tuple(effects), broken, absent)


def _serving(told: Readiness, heard: Heard, incidents: Collection[Incident], *, in_session: bool) -> Serving:
    if heard.agents == 0:
        return Serving.NEVER
    if incidents and all(one.suppressed_by is not None for one in incidents):
        return Serving.PLANNED
    if told.is_stopped:
        return Serving.STOPPED
    if heard.on == 0:
        all_off = heard.off > 0 and heard.lost == 0
        return Serving.OFF if not incidents and (all_off or not in_session) else Serving.UNSEEN
    return _passing(told)


def _passing(told: Readiness) -> Serving:
    if told.is_partly_stopped:
        return Serving.PARTLY
    if told.ratio.figure is None:
        return Serving.UNCLEAR
    return Serving.WELL if told.ratio.figure == _FULL and told.eased.figure == _FULL else Serving.WEAK


def _by_unit(incidents: Collection[Incident]) -> dict[str, tuple[Incident, ...]]:
    found: dict[str, list[Incident]] = {}
    for one in incidents:
        for code in one.units:
            found.setdefault(code, []).append(one)
    return {code: tuple(its) for code, its in found.items()}


_FULL = 1.0
