"""Make messages of what happened: decide, write, and put into the outbox in one transaction with what was owed."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from machxa_collector.incidents.acts import Handling, handling_of
from machxa_collector.incidents.book import AGAIN_MS
from machxa_collector.incidents.incident import Incident
from machxa_collector.incidents.worktime import WorkTime
from machxa_collector.notify import escalation, writing
from machxa_collector.notify.deciding import Day, Known, Parcel, decide, digests, kind_of
from machxa_collector.notify.escalation import BadLadder, Ladder, ladder_of
from machxa_collector.notify.happening import Happening, Kind, Recipient
from machxa_collector.notify.meters import NotifyMeters
from machxa_collector.notify.reaching import aliases, recipients
from machxa_collector.notify.rules import Way, day_of
from machxa_collector.store import channels, incidents, outbox, told
from machxa_collector.store.registry import Snapshot

logger = logging.getLogger(__name__)

_DIGEST_MS = 60_000
_AT_ONCE = 20  # notices in one transaction: it holds up the intake's


@dataclass(frozen=True, slots=True)
class _Scene:
    """Hold whom there is to tell, what names things, and when."""

    reached: Sequence[Recipient]
    registry: Snapshot
    base: str
    now: int


@dataclass(frozen=True, slots=True)
class _Batch:
    """Hold what is told in one transaction: notices that are owed, what got graver, and rungs of the escalation."""

    owed: Sequence[told.Owed]
    others: Sequence[Happening]
    graver: Mapping[str, int]
    handled: Mapping[str, Handling]

    def happening(self, owed: told.Owed) -> Happening:
        """Return what is owed as a happening."""
        handling = self.handled.get(owed.incident.id, Handling())
        return Happening(kind=Kind(owed.told), incident=owed.incident, at=owed.at, handling=handling)


class Composer:
    """Turn what the judgement noted into messages; one thread's."""

    def __init__(self, store: Engine, registry: Callable[[], Snapshot], meters: NotifyMeters) -> None:
        """Take the store, the registry, and what counts."""
        self._store, self._registry, self._meters = store, registry, meters
        self._worktime: tuple[object, WorkTime] | None = None
        self._digested_at = 0  # looked for digests that are due
        self._climbed: set[tuple[str, str]] = set()  # rungs of open incidents that were told, or set aside

    def turn(self, now: int) -> bool:
        """Make the digests that are due and the messages of what is owed; return whether more is owed."""
        policy = channels.policy(self._store)
        waiting = told.waiting(self._store) if now - self._digested_at >= _DIGEST_MS else {}
        batch = self._batch(_ladder(policy, aliases(self._store)), now)
        if not (waiting or batch.owed or batch.others or batch.graver):
            return False  # who there is to tell is asked only when there is something
        registry = self._registry()
        base = str(policy.get("base_url") or "").rstrip("/")
        scene = _Scene(recipients(self._store, registry.units), registry, base, now)
        if waiting:
            self._digested_at = now
            self._digest(scene, waiting)
        if batch.owed or batch.others or batch.graver:
            try:
                self._tell(scene, batch)
            except SQLAlchemyError:
                raise
            except Exception:
                self._meters.defects.inc()
                logger.exception("what is to be told together meets a defect, so it is told one by one")
                self._one_by_one(scene, batch)
            self._climbed |= {(one.incident.id, one.key) for one in batch.others}
        return len(batch.owed) == _AT_ONCE

    def _one_by_one(self, scene: _Scene, batch: _Batch) -> None:
        """Tell each thing alone, and set aside, logged and counted, what raises: it stops no other."""
        owed = [(one, None) for one in batch.owed]
        others = [(None, one) for one in batch.others]
        for its, other in (*owed, *others):
            single = _Batch([its] if its else [], [other] if other else [], {}, batch.handled)
            try:
                self._tell(scene, single)
            except SQLAlchemyError:
                raise
            except Exception:
                logger.exception("set aside, nobody is told of it: %r", its or other)
                self._meters.decided.labels(Way.DROPPED.value, "defect").inc()
                if its is not None:
                    with self._store.begin() as connection:
                        told.passed(connection, its.incident.id, its.told, scene.now)
        with self._store.begin() as connection:
            for incident, severity in batch.graver.items():
                told.graver(connection, incident, severity)

    def _batch(self, ladder: Ladder, now: int) -> _Batch:
        """Return what is to be told, and how grave those are now that got graver since they were told."""
        owed = told.owed(self._store, _AT_ONCE, now - AGAIN_MS)
        open_ones = told.open_ones(self._store)
        ids = {one.incident.id for one in owed} | {one.incident.id for one in open_ones}
        acts = incidents.acts_of(self._store, ids)
        handled = {one: handling_of(done) for one, done in acts.items()}
        found: list[Happening] = []
        graver: dict[str, int] = {}
        for known in open_ones:
            one, severity = known.incident, known.incident.severity.value
            if known.severity is None or severity < known.severity:
                graver[one.id] = severity
            if known.severity is not None and severity < known.severity:
                handling = handled.get(one.id, Handling())
                found.append(Happening(kind=Kind.WORSE, incident=one, at=now, handling=handling))
        standing = [
            escalation.Open(
                incident=one.incident, told_at=one.told_at, handling=handled.get(one.incident.id, Handling())
            )
            for one in open_ones
        ]
        self._climbed = {one for one in self._climbed if one[0] in {known.incident.id for known in open_ones}}
        rungs = escalation.due(ladder, standing, self._work().worked, now)
        found += [one for one in rungs if (one.incident.id, one.key) not in self._climbed]
        return _Batch(owed, found, graver, handled)

    def _tell(self, scene: _Scene, batch: _Batch) -> None:
        now, registry, base = scene.now, scene.registry, scene.base
        happenings = [*map(batch.happening, batch.owed), *batch.others]
        known = told.lines_of(self._store, {one.incident.id for one in happenings})
        desk = writing.desk(self._store, registry, [one.incident for one in happenings], self._work(), base, now)
        kinds = {one.id: one.kind for one in channels.every(self._store)}
        with self._store.begin() as connection:
            sent = outbox.sent_today(connection, day_of(now))
            plan = decide(happenings, scene.reached, _days(scene.reached, known, sent), now)
            carried = {
                (parcel.recipient.id, one.incident.id): number
                for parcel in plan.parcels
                for number in [self._put(connection, parcel, desk, kinds, sent, now)]
                for one in parcel.happenings
            }
            told.add_lines(
                connection,
                [
                    told.Line(
                        recipient=one.recipient,
                        incident=one.happening.incident.id,
                        told=one.happening.key,
                        at=now,
                        way=one.verdict.way.value,
                        why=one.verdict.why,
                        message=carried.get((one.recipient, one.happening.incident.id))
                        if one.verdict.way is Way.NOW
                        else None,
                    )
                    for one in plan.decided
                ],
            )
            for its in batch.owed:
                told.passed(connection, its.incident.id, its.told, now)
            for incident, severity in batch.graver.items():
                told.graver(connection, incident, severity)
        self._meters.nowhere.inc(plan.nowhere)
        for decided in plan.decided:
            self._meters.decided.labels(decided.verdict.way.value, decided.verdict.why).inc()

    def _digest(self, scene: _Scene, waiting: Mapping[str, Sequence[told.Line]]) -> None:
        now, registry = scene.now, scene.registry
        ids = {line.incident for lines in waiting.values() for line in lines}
        bodies = told.bodies(self._store, ids)
        handled = {one: handling_of(done) for one, done in incidents.acts_of(self._store, ids).items()}
        held: dict[str, tuple[int, tuple[Happening, ...]]] = {}
        for one in scene.reached:  # whose territory may be another since
            lines = waiting.get(one.id, ())
            found = tuple(happening for happening in _held(lines, bodies, handled) if one.sees(happening.incident))
            if found:
                held[one.id] = (lines[0].at, found)
            elif lines:
                self._set_aside(one.id, "not_allowed")
        with self._store.connect() as connection:
            sent = outbox.sent_today(connection, day_of(now))
        parcels = digests(scene.reached, held, sent, now)
        if not parcels:
            return
        kinds = {one.id: one.kind for one in channels.every(self._store)}
        desk = writing.desk(self._store, registry, list(bodies.values()), self._work(), scene.base, now)
        for parcel in parcels:
            who = parcel.recipient.id
            try:
                with self._store.begin() as connection:
                    told.digested(connection, who, self._put(connection, parcel, desk, kinds, sent, now))
            except SQLAlchemyError:
                raise
            except Exception:
                self._meters.defects.inc()
                logger.exception("a digest is set aside, %s is not told", who)
                self._set_aside(who, "defect")

    def _set_aside(self, who: str, why: str) -> None:
        with self._store.begin() as connection:
            self._meters.decided.labels(Way.DROPPED.value, why).inc(told.set_aside(connection, who, why))

    def _put(
        self,
        connection: Connection,
        parcel: Parcel,
        desk: writing.Desk,
        kinds: Mapping[str, str],
        sent: Mapping[str, int],
        now: int,
    ) -> int:
        who = parcel.recipient
        kind = "digest" if parcel.is_digest else "now"
        by = {who.carries(one.incident) for one in parcel.happenings}
        channel = who.channel if None not in by else None
        number = sent.get(who.id, 0) + 1
        new = outbox.New(
            key=f"{who.id}/{kind}/{now}/{number}",
            recipient=who.id,
            channel=channel,
            kind=kind,
            day=day_of(now),
            made_at=now,
            body=desk.body(parcel, number, alerts=channel is not None and kinds.get(channel) == "webhook"),
        )
        made, goes_out = outbox.add(connection, new)
        self._meters.messages.labels(kind).inc()
        if not goes_out:
            self._meters.failed.labels(channel, "yes").inc()
        return made

    def _work(self) -> WorkTime:
        calendars = self._registry().calendars
        if self._worktime is None or self._worktime[0] is not calendars:
            self._worktime = (calendars, WorkTime(calendars))
        return self._worktime[1]


def _ladder(policy: Mapping[str, object], named: Mapping[str, str]) -> Ladder:
    """Return the escalation, with logins as the ids of their persons."""
    said = policy.get("escalation")
    try:
        ladder = ladder_of(said) if isinstance(said, Mapping) else Ladder()
        steps = tuple(replace(one, to=tuple(named.get(who, who) for who in one.to)) for one in ladder.steps)
        return replace(ladder, steps=steps)
    except BadLadder as exc:
        logger.warning("nothing is escalated: %s", exc)
        return Ladder()


def _days(
    reached: Sequence[Recipient], known: Mapping[tuple[str, str], Sequence[told.Line]], sent: Mapping[str, int]
) -> Mapping[str, Day]:
    days = {one.id: Day(sent=sent.get(one.id, 0)) for one in reached}
    for (who, incident), lines in known.items():
        if who in days:
            days[who].known[incident] = tuple(
                Known(told=one.told, way=Way(one.way), sent=one.message is not None) for one in lines
            )
    return days


def _held(
    lines: Collection[told.Line], bodies: Mapping[str, Incident], handled: Mapping[str, Handling]
) -> tuple[Happening, ...]:
    """Return what waits, each as its incident is now."""
    found = []
    for line in lines:
        incident = bodies.get(line.incident)
        if incident is None:
            continue
        found.append(
            Happening(
                kind=kind_of(line.told),
                incident=incident,
                at=line.at,
                handling=handled.get(line.incident, Handling()),
            )
        )
    return tuple(found)
