"""Write the body of a message as the outbox keeps it: texts in both languages, alerts where a webhook takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Engine

from machxa_collector.incidents.incident import Incident
from machxa_collector.incidents.worktime import WorkTime
from machxa_collector.notify import alertmanager, text
from machxa_collector.notify.deciding import Parcel
from machxa_collector.notify.happening import Happening, Recipient
from machxa_collector.notify.naming import namer
from machxa_collector.notify.rules import next_slot
from machxa_collector.notify.text import Line, NameOf, Texts
from machxa_collector.notify.wishes import LANGUAGES
from machxa_collector.store.registry import Snapshot

_UNITS_ASKED = 5


@dataclass(frozen=True, slots=True)
class Desk:
    """Hold what writing needs: names, working time, the pages' address, and the time (ms since 1970 UTC)."""

    name_of: NameOf
    work: WorkTime
    base: str
    now: int

    def body(self, parcel: Parcel, number: int, *, alerts: bool) -> Mapping[str, object]:
        """Return a message's body; number counts the messages of its day."""
        lines = [self._line(one, parcel.recipient) for one in parcel.happenings]
        body: dict[str, object] = {
            code: self._said(parcel, lines, number, tongue) for tongue, code in enumerate(LANGUAGES)
        }
        body["language"] = parcel.recipient.wishes.language
        body["incidents"] = [one.incident.id for one in parcel.happenings[: text.MOST_LINES]]
        body["severity"] = min(parcel.happenings, key=lambda one: one.incident.severity.value).incident.severity.name
        if alerts:
            tongue = LANGUAGES.index(parcel.recipient.wishes.language)
            shown = lines[: alertmanager.MOST_ALERTS]
            body["alerts"] = [alertmanager.alert(one, self.name_of, self.base, tongue) for one in shown]
            body |= {"left_out": len(lines) - len(shown), "base": self.base}
        return body

    def _said(self, parcel: Parcel, lines: Sequence[Line], number: int, tongue: int) -> Mapping[str, str]:
        if len(lines) == 1 and not parcel.is_digest:
            said = text.single(lines[0], self.name_of, self.base, tongue)
        else:
            said = text.several(lines, self.name_of, self.base, tongue, is_digest=parcel.is_digest)
        more = ""
        if parcel.is_last:
            more = "\n" + text.held_back(number, next_slot(parcel.recipient.wishes, self.now), tongue)
        return _as_kept(said, more)

    def _line(self, happening: Happening, reader: Recipient) -> Line:
        one, others = reader.shown(happening.incident)
        until = self.now if one.ended_at is None else one.ended_at
        units = [unit for unit in one.units[:_UNITS_ASKED] if self.work.knows(unit)]
        worked = max((self.work.worked(unit, one.started_at, until) for unit in units), default=None)
        minutes = None if worked is None else -(-worked // 60_000)  # one that has begun counts: it is working time
        return Line(happening=replace(happening, incident=one), worked_minutes=minutes, others=others)


def desk(store: Engine, registry: Snapshot, told: Sequence[Incident], work: WorkTime, base: str, now: int) -> Desk:
    """Return a desk that can name what some incidents are about."""
    return Desk(namer(store, registry.units, {one.subject for one in told}, now), work, base, now)


def of_test(channel: str, now: int, base: str) -> Mapping[str, object]:
    """Return the body of a message that tries a channel."""
    body: dict[str, object] = {code: _as_kept(text.test(channel, tongue), "") for tongue, code in enumerate(LANGUAGES)}
    said = text.test(channel, 0)
    return {**body, "alerts": [alertmanager.test_alert(channel, said.text, base, now)], "left_out": 0, "base": base}


def _as_kept(said: Texts, more: str) -> Mapping[str, str]:
    return {"subject": said.subject, "text": said.text + more, "brief": said.brief}
