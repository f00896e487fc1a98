"""Read from the store what the impact model needs, and keep what is dear to learn until something changed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from machxa_collector.effects.outages import PRINTS_CERTIFICATES, Device, Known, Seen, moment, outage_of, systems_of
from machxa_collector.effects.stocks import Counter, Standing, Stocks, stocks_of
from machxa_collector.impact import FlowProfile, Group, Model, Outage, Paper, Unit, learn_flows
from machxa_collector.impact.model import model_of
from machxa_collector.incidents.acts import Handling, handling_of
from machxa_collector.incidents.incident import Incident
from machxa_collector.registry.calendar import LOCAL, Calendars
from machxa_collector.registry.units.fold import fold
from machxa_collector.store import incidents, models, paper, standing, systems
from machxa_collector.store.dossiers import Dossiers, SqlDossiers
from machxa_collector.store.incident_spans import overlapping
from machxa_collector.store.registry import LiveRegistry

_SEASON = timedelta(days=400)  # a month's factor needs a year of counts
_CATALOGUE_SECONDS = 60.0
_TAG = fold(PRINTS_CERTIFICATES)

Flows = Mapping[str, FlowProfile]


class Facts:
    """Answer from the store; may be asked from several threads. now_ms gives the present."""

    def __init__(
        self,
        live: LiveRegistry,
        now_ms: Callable[[], int],
        dossiers: Dossiers | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the registry; dossiers is what is known of them, the store's own if None."""
        self.live, self.now_ms, self._monotonic = live, now_ms, monotonic
        self.store = live.store
        self.dossiers: Dossiers = dossiers or SqlDossiers(live.store)
        self._lock = threading.Lock()
        self._model: tuple[int, Model] | None = None
        self._flows: tuple[object, Flows] | None = None
        self._systems: tuple[float, Known] | None = None

    @property
    def calendars(self) -> Calendars:
        """Return the working time of all units as the registry has it now."""
        return self.live.current().calendars

    def now(self) -> datetime:
        """Return the present."""
        return moment(self.now_ms())

    def model(self) -> Model:
        """Return the assumptions that hold now."""
        with self._lock:
            number = models.newest_number(self.store)
            if self._model is None or self._model[0] != number:
                self._model = number, model_of(models.newest(self.store).body)
            return self._model[1]

    def flows(self) -> Flows:
        """Return what comes to every unit, learnt anew when counts, assumptions, the registry or the day changed."""
        model, current, today = self.model(), self.live.current(), self.today()
        key = (self.dossiers.version(), model.version, id(current), today)
        with self._lock:
            if self._flows is None or self._flows[0] != key:
                provinces = {code: current.units.history(code)[0].parent or code for code in current.units.codes}
                counts = self.dossiers.day_counts(today - _SEASON, today)
                self._flows = key, learn_flows(counts, current.calendars, provinces, model, today)
            return self._flows[1]

    def today(self) -> date:
        """Return the day in Việt Nam."""
        return self.now().astimezone(LOCAL).date()

    def units(self, codes: Collection[str], stocked: Collection[str] | None = None) -> tuple[dict[str, Unit], Known]:
        """Return units with their flow and stocks, those the registry knows, and what their devices are.

        stocked: the units whose stocks and devices are read, None: all.
        """
        flows = self.flows()
        asked = [code for code in codes if code in flows]
        whose = asked if stocked is None else [code for code in asked if code in stocked]
        found = [_standing(row) for row in standing.assets_of(self.store, whose)]
        counters = [Counter(unit=unit, assets=its) for unit, its in standing.counters_of(self.store, whose)]
        stocks: Stocks = stocks_of(found, counters)
        known = Known(systems=self.systems().systems, devices={one.id: one.device for one in found})
        return {code: Unit(code=code, flow=flows[code], stocks=stocks.get(code, {})) for code in asked}, known

    def known_of(self, subjects: Collection[str]) -> Known:
        """Return what is known of systems and, of some subjects of incidents, which devices they are."""
        found = (_standing(row) for row in standing.assets_named(self.store, subjects))
        return Known(systems=self.systems().systems, devices={one.id: one.device for one in found})

    def systems(self) -> Known:
        """Return the classes of the catalogue's systems, a minute old at most."""
        now = self._monotonic()
        with self._lock:
            if self._systems is None or now - self._systems[0] > _CATALOGUE_SECONDS:
                self._systems = now, Known(systems=systems_of(systems.effective(self.store)))
            return self._systems[1]

    def incidents(self, units: Collection[str], start: datetime, end: datetime) -> list[Incident]:
        """Return the incidents of units in a time; those that people call false or part of another are left out."""
        found = overlapping(self.store, units, _ms(start), _ms(end))
        said = self._handled(found)
        return [
            _as_said(one, said.get(one.id, Handling()))
            for one in found
            if not said.get(one.id, Handling()).is_false and said.get(one.id, Handling()).merged_into is None
        ]

    def papers(self, units: Collection[str], start: datetime, end: datetime) -> list[Paper]:
        """Return when units worked by hand."""
        return [
            Paper(
                unit=one.unit,
                start=moment(one.started_at),
                end=None if one.ended_at is None else moment(one.ended_at),
                groups=frozenset(map(Group, one.groups)),
            )
            for one in paper.spells(self.store, units, _ms(start), _ms(end))
        ]

    def _handled(self, found: Sequence[Incident]) -> Mapping[str, Handling]:
        acts = incidents.acts_of(self.store, [one.id for one in found]) if found else {}
        return {key: handling_of(done) for key, done in acts.items()}


def outages_of(found: Iterable[Incident], known: Known) -> list[Outage]:
    """Return incidents as the impact model takes them; those that take nothing are left out."""
    taken = (outage_of(seen_of(one), known) for one in found)
    return [one for one in taken if one is not None]


def seen_of(one: Incident) -> Seen:
    """Return what is needed of an incident."""
    return Seen(
        id=one.id,
        cause=one.cause,
        state=one.state,
        subject=one.subject,
        units=one.units,
        started_at=one.started_at,
        ended_at=one.ended_at,
        why=one.why,
        hush=one.suppressed_by,
    )


def _as_said(one: Incident, handling: Handling) -> Incident:
    """Return an incident with the cause that a person set against the judgement's."""
    return one if handling.overruled is None else replace(one, cause=handling.overruled)


def _standing(row: standing.Asset) -> Standing:
    id_, code, unit, kind, tags, status = row
    device = Device(kind=kind, prints_certificates=any(_TAG in fold(tag) for tag in tags.split(";")))
    return Standing(id=id_, code=code, unit=unit, device=device, status=status)


def _ms(when: datetime) -> int:
    return round(when.timestamp() * 1000)
