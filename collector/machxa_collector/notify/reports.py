"""Make the reports that are due, put them into the outbox, and write down what became of each; a thin shell."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from machxa_collector.effects.facts import Facts
from machxa_collector.effects.outages import moment
from machxa_collector.notify import alertmanager, periods
from machxa_collector.notify.happening import Recipient
from machxa_collector.notify.meters import NotifyMeters
from machxa_collector.notify.periods import Due
from machxa_collector.notify.reaching import recipients
from machxa_collector.notify.report_making import EVERY, Made, NoReport, is_working, keep, made
from machxa_collector.notify.report_text import Brought, texts
from machxa_collector.notify.rules import day_of
from machxa_collector.notify.wishes import LANGUAGES
from machxa_collector.store import channels, outbox, schedules
from machxa_collector.store.registry import LiveRegistry
from machxa_collector.store.schedules import Run, Schedule

logger = logging.getLogger(__name__)

ACTOR = "machxa reports"
MOST_TRIES = 6
_FIRST_PAUSE_MS = 300_000
_EVERY_SECONDS = 30.0
_PRUNE_MS = 86_400_000


class Reporter:
    """Make what is due; one thread's."""

    def __init__(self, live: LiveRegistry, facts: Facts, now_ms: Callable[[], int], meters: NotifyMeters) -> None:
        """Take the registry, what reports are made of, the clock, and what counts."""
        self._store: Engine = live.store
        self._live, self._facts, self._now_ms, self._meters = live, facts, now_ms, meters
        self._stopped = threading.Event()
        self._pruned_at = 0

    def stop(self) -> None:
        """Make run return."""
        self._stopped.set()

    def run(self) -> None:
        """Make reports until stopped; a store that cannot now is asked again, a defect is logged and counted."""
        while not self._stopped.wait(_EVERY_SECONDS):
            try:
                self.turn()
            except SQLAlchemyError as exc:
                logger.warning("reports wait for the store: %s", str(exc)[:200])
            except Exception:
                self._meters.defects.inc()
                logger.exception("reports met a defect; they are tried again")

    def turn(self) -> None:
        """Make what is due now."""
        now = self._now_ms()
        waiting = [one for one in schedules.every(self._store) if not one.paused]
        runs = schedules.newest(self._store, [one.pk for one in waiting])
        dues = [(one, due) for one in waiting if (due := self._due(one, runs.get(one.pk), now)) is not None]
        if dues:
            reached = {one.id: one for one in recipients(self._store, self._live.current().units)}
            for one, due in dues:
                if self._stopped.is_set():
                    return
                self._make(one, due, reached.get(one.recipient), now)
        if not 0 <= now - self._pruned_at < _PRUNE_MS:
            self._pruned_at = now
            with self._store.begin() as connection:
                schedules.prune(connection, now)

    def _due(self, one: Schedule, newest: Run | None, now: int) -> Due | None:
        """Return what is to be made, None: nothing. newest is the schedule's newest run, mostly the one asked for."""
        every = EVERY[one.kind]
        works = is_working(self._live.current().calendars, one.unit)
        asked = (every, one.minute, moment(one.since), moment(now), works)
        last = next(periods.became_due(*asked), None)
        if last is None:
            return None
        period = periods.key_of(every, last[0])
        is_newest = newest is not None and newest.period == period
        run = newest if is_newest else schedules.run_of(self._store, one.pk, period)
        if run is not None and not (run.state == schedules.WAITING and _is_due(run.next_at, now)):
            return None
        due = periods.due(*asked)
        if due is None:
            return None
        missed = tuple(
            day for day in due.missed if schedules.run_of(self._store, one.pk, periods.key_of(every, day)) is None
        )
        return replace(due, missed=missed)

    def _make(self, one: Schedule, due: Due, recipient: Recipient | None, now: int) -> None:
        key = periods.key_of(EVERY[one.kind], due.first)
        run = schedules.run_of(self._store, one.pk, key) or Run(
            schedule=one.pk, period=key, due_at=round(due.at.timestamp() * 1000), state=schedules.WAITING, tries=0,
            next_at=now, made_at=None, message=None, documents=0, error=None,
        )  # fmt: skip
        run = replace(run, tries=run.tries + 1)
        try:
            self._send(one, due, _allowed(recipient, one), run, now)
        except NoReport as exc:
            self._failed(run, str(exc), now, is_final=True)
        except SQLAlchemyError:
            raise
        except Exception:
            self._meters.defects.inc()
            logger.exception("the report %s of schedule %d meets a defect", key, one.pk)
            self._failed(run, "defect", now, is_final=run.tries >= MOST_TRIES)

    def _failed(self, run: Run, error: str, now: int, *, is_final: bool) -> None:
        state = schedules.FAILED if is_final else schedules.WAITING
        pause = _FIRST_PAUSE_MS << (run.tries - 1)
        with self._store.begin() as connection:
            schedules.put(connection, replace(run, state=state, error=error, next_at=now + pause))

    def _send(self, one: Schedule, due: Due, recipient: Recipient, run: Run, now: int) -> None:
        built = made(self._facts, one, due.first)
        kept = keep(self._store, built, one, now, ACTOR)
        kinds = {channel.id: channel.kind for channel in channels.every(self._store)}
        kind = kinds.get(recipient.channel or "")
        brought = brought_of(
            self._live, one, due, kept, base_of(self._store), attach=one.attach and kind == "email", now=now
        )
        body = body_of(brought, recipient.wishes.language, alerts=kind == "webhook", key=message_key(one, run.period))
        with self._store.begin() as connection:
            number = self._put(connection, one, recipient, body, run.period, now)
            done = replace(
                run, state=schedules.MADE, made_at=now, message=number, documents=len(kept.files), error=None
            )
            schedules.put(connection, done)

    def _put(
        self,
        connection: Connection,
        one: Schedule,
        recipient: Recipient,
        body: Mapping[str, object],
        period: str,
        now: int,
    ) -> int:
        new = outbox.New(
            key=message_key(one, period),
            recipient=recipient.id,
            channel=recipient.channel,
            kind=outbox.REPORT,
            day=day_of(now),
            made_at=now,
            body=body,
        )
        number, goes_out = outbox.add(connection, new)
        self._meters.messages.labels(outbox.REPORT).inc()
        if not goes_out:
            self._meters.failed.labels(recipient.channel or "", "yes").inc()
        return number


def _is_due(next_at: int, now: int) -> bool:
    """Tell whether a pause is over, or was noted by a clock that has been set back since."""
    return not now < next_at <= now + (_FIRST_PAUSE_MS << MOST_TRIES)


def message_key(one: Schedule, period: str) -> str:
    """Return what names the message of a period for ever: Message-ID and Idempotency-Key rest on it."""
    return f"report/{one.pk}/{one.made_at}/{period}"


def base_of(store: Engine) -> str:
    """Return the address that links begin with, "" until it is set."""
    return str(channels.policy(store).get("base_url") or "").rstrip("/")


def brought_of(
    live: LiveRegistry, one: Schedule, due: Due, kept: Made, base: str, *, attach: bool, now: int
) -> Brought:
    """Return what the message of a report says."""
    unit = live.current().units.history(one.unit)
    return Brought(
        kind=one.kind,
        every=EVERY[one.kind],
        first=due.first,
        about=unit[-1].full_name if unit else one.unit,
        files=kept.files,
        attached=attach and kept.fits,
        too_large=attach and not kept.fits,
        missed=due.missed,
        at=moment(now),
        base=base,
    )


def body_of(brought: Brought, language: str, *, alerts: bool, key: str) -> Mapping[str, object]:
    """Return a message's body as the outbox keeps it."""
    said = [texts(brought, tongue) for tongue in range(len(LANGUAGES))]
    body: dict[str, object] = {
        code: {"subject": one.subject, "text": one.text, "brief": one.brief}
        for code, one in zip(LANGUAGES, said, strict=True)
    }
    body |= {"language": language, "severity": "", "incidents": [], "base": brought.base}
    if brought.attached:
        body["files"] = [[file.document, file.name] for file in brought.files]
    if alerts:
        mine = said[LANGUAGES.index(language)]
        body |= {"alerts": [alertmanager.report_alert(key, mine.subject, mine.text, brought.base, brought.at)]}
    return body


def _allowed(recipient: Recipient | None, one: Schedule) -> Recipient:
    """Return who is to get a report; raises NoReport for one who is gone, or may not see the unit any more."""
    units = None if recipient is None else recipient.territory.units
    if recipient is None or (units is not None and one.unit not in units):
        raise NoReport("not_allowed")
    return recipient
