"""Turn admitted records into the rows of one commit and the acknowledgements that follow it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from machxa_collector.intake import clock
from machxa_collector.intake.fast import Batch
from machxa_collector.intake.ledger import Verdict
from machxa_collector.intake.rows import (
    CANARY_ROLE,
    DeviceRow,
    EventRow,
    FactsRow,
    HeardRow,
    IntakeStore,
    OpenStream,
    ReportRow,
    Rows,
)
from machxa_wire.difference import digest_of, rebuilt
from machxa_wire.records import Ack, Bye, Event, Facts, Gap, Hello, Place, Presence, Samples, Sequenced, Stamp
from machxa_wire.refusal import Reason, Refused

if TYPE_CHECKING:
    from machxa_collector.intake.admit import Admitted
    from machxa_collector.intake.rows import KnownAgent

_BOOTS_KEPT = 2  # of an agent: what it measures now, and the boot before, of which a backlog tells


class Planner:
    """Plan one commit after the other; between them it keeps the books of streams and boots.

    ``forget`` drops what a failed commit made it believe, so that the same batch can be planned again.
    Of clocks it keeps those of an agent's two boots last asked for, since boots are named by agents; streams are
    bounded by the store.
    """

    def __init__(self, store: IntakeStore) -> None:
        self._store = store
        self._streams: dict[tuple[int, str], OpenStream] = {}
        self._clocks: dict[int, tuple[tuple[str, clock.BootClock | None], ...]] = {}  # by agent
        self.wanting: set[int] = set()  # agents whose facts are asked for in whole

    def start(self, now_ms: int) -> Plan:
        """Open the plan of one commit."""
        return Plan(self, now_ms)

    def forget(self, plan: Plan) -> None:
        """Read the touched books from the store again when they are next needed."""
        for key in plan.touched:
            self._streams.pop(key, None)
        self._clocks.clear()

    def stream(self, agent_pk: int, stream: str, now_ms: int) -> OpenStream:
        """Return a stream's books."""
        key = (agent_pk, stream)
        opened = self._streams.get(key)
        if opened is None:
            opened = self._streams[key] = self._store.open_stream(agent_pk, stream, now_ms)
        return opened

    def boot_clock(self, agent_pk: int, boot: str) -> clock.BootClock | None:
        """Return what is known of a boot's clocks."""
        for name, measured in self._clocks.get(agent_pk, ()):
            if name == boot:
                return measured
        measured = self._store.boot_clock(agent_pk, boot)
        self._remember(agent_pk, boot, measured)
        return measured

    def recent_facts(self, agent_pk: int) -> tuple[str, ...]:
        """Return an agent's newest bodies of facts as JSON text, newest first."""
        return self._store.recent_facts(agent_pk)

    def set_boot_clock(self, agent_pk: int, boot: str, measured: clock.BootClock) -> None:
        """Believe a newer measurement of a boot's clocks."""
        self._remember(agent_pk, boot, measured)

    def _remember(self, agent_pk: int, boot: str, known: clock.BootClock | None) -> None:
        others = [one for one in self._clocks.get(agent_pk, ()) if one[0] != boot]
        self._clocks[agent_pk] = ((boot, known), *others[: _BOOTS_KEPT - 1])


class Plan:
    """Gather the rows of one commit and whom to acknowledge afterwards."""

    def __init__(self, planner: Planner, now_ms: int) -> None:
        self._planner = planner
        self.rows = Rows(at=now_ms)
        self.touched: set[tuple[int, str]] = set()
        self.accepted = 0
        self.duplicates = 0
        self._answers: dict[tuple[int, str], tuple[KnownAgent, OpenStream, Hello | None]] = {}
        self._unknown: dict[int, str] = {}  # by agent, the boot last told of without a hello

    def add(self, admitted: Admitted, payload: bytes) -> None:
        """Enter one record: new ones become rows, known ones are only counted."""
        agent, record = admitted.agent, admitted.record
        if isinstance(record, Batch):
            self._report(agent, record.stream, record.seq, _stamp(record), record.at[-1], payload)
        elif isinstance(record, Hello):
            self._hello(agent, record, payload)
        elif isinstance(record, Presence):
            self.rows.presence[agent.pk] = record
            self.rows.heard.append(HeardRow(self.rows.at, agent.pk, True, payload))  # noqa: FBT003 - a column
        elif isinstance(record, Samples) and record.place is None:
            self._unsequenced(agent, record, payload)
        else:
            before = self.accepted
            self._sequenced(agent, record, payload)
            if self.accepted > before and not isinstance(record, (Samples, Facts)):
                self.rows.heard.append(HeardRow(self.rows.at, agent.pk, False, payload))  # noqa: FBT003 - a column

    def pass_over(self, agent: KnownAgent, place: Place) -> None:
        """Enter a number whose record was refused as lost: an agent would send what waits behind it never."""
        ledger = self._open(agent, place.stream).ledger
        if ledger.has_room(place.seq, place.seq):
            ledger.declare(place.seq, place.seq)

    def acks(self) -> list[tuple[KnownAgent, Ack]]:
        """Return what to acknowledge once the rows are committed: cumulative, one a stream."""
        return [
            (agent, self._ack(agent.pk, stream, opened, hello))
            for (_, stream), (agent, opened, hello) in self._answers.items()
        ]

    def _ack(self, agent_pk: int, stream: str, opened: OpenStream, hello: Hello | None) -> Ack:
        upto = opened.ledger.contiguous
        return Ack(
            stream,
            upto,
            need=upto + 1 if hello is not None and hello.high > upto else None,
            time=None if hello is None else self.rows.at,
            whole=agent_pk in self._planner.wanting,
            hello=self._unknown.get(agent_pk),
        )

    def _boot_clock(self, agent: KnownAgent, stamp: Stamp) -> clock.BootClock | None:
        """Return what is known of a boot's clocks; where nothing is, a hello is asked for."""
        known = self._planner.boot_clock(agent.pk, stamp.boot)
        if known is None:
            self._unknown[agent.pk] = stamp.boot
        return known

    def _report(self, agent: KnownAgent, stream: str, seq: int, stamp: Stamp, last_at: int, payload: bytes) -> None:
        opened = self._open(agent, stream)
        known = self._boot_clock(agent, stamp)  # may fail, so before the number is entered
        if not self._is_new(opened, seq):
            return
        now = self.rows.at
        moved, mark = clock.shift(stamp, known)
        first = stamp.time + moved
        self.rows.reports.append(
            ReportRow(opened.pk, seq, agent.pk, now, first, first + last_at * 1000, mark, moved, payload)
        )

    def _sequenced(self, agent: KnownAgent, record: Sequenced, payload: bytes) -> None:
        place = record.place
        assert place is not None  # noqa: S101 - only samples come without, and those were taken before
        if isinstance(record, Samples):
            self._report(agent, place.stream, place.seq, record.stamp, record.at[-1], payload)
            return
        # whatever can fail comes before the number is entered: entered without its rows it would be acknowledged
        opened = self._open(agent, place.stream)
        moved, mark = clock.shift(record.stamp, self._boot_clock(agent, record.stamp))
        at = record.stamp.time + moved
        if isinstance(record, Facts):
            self._facts(agent, opened, record, at)
        elif isinstance(record, Event):
            text = json.dumps(dict(record.attributes), ensure_ascii=False)
            if self._is_new(opened, place.seq):
                self._event(agent, opened, place, (at, mark), "event", record.name, text)
        elif isinstance(record, Bye):
            if self._is_new(opened, place.seq):
                if mark is not clock.Mark.UNVERIFIED:  # a boot never heard ended before the one that tells of it
                    self.rows.byes[agent.pk] = (min(at, self.rows.at), record.stamp.boot)
                self._event(agent, opened, place, (at, mark), "bye", "bye", json.dumps({"reason": record.reason}))
        else:
            self._gap(agent, opened, record, (at, mark))

    def _facts(self, agent: KnownAgent, opened: OpenStream, record: Facts, at: int) -> None:
        seq = record.place.seq
        whole = record.facts if record.base is None else self._rebuilt(agent, record, record.base)
        body = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        if record.device is not None:
            if self._is_new(opened, seq):
                self.rows.devices.append(DeviceRow(agent.pk, record.device, at, body))
            return
        digest = hashlib.sha256(body.encode()).hexdigest()
        self._planner.wanting.discard(agent.pk)
        if self._is_new(opened, seq):
            self.rows.facts.append(FactsRow(opened.pk, seq, agent.pk, self.rows.at, at, digest, body))

    def _rebuilt(self, agent: KnownAgent, record: Facts, base: str) -> dict[str, object]:
        """Return the whole body of a difference; raises Refused where its base is not here, and asks for the whole."""
        pending = [row.body for row in reversed(self.rows.facts) if row.agent_pk == agent.pk]
        bodies = map(json.loads, (*pending, *self._planner.recent_facts(agent.pk)))
        known = next((body for body in bodies if digest_of(body) == base), None)
        self._planner.wanting.add(agent.pk)  # until it is here
        if known is None:
            raise Refused(Reason.BASE, "no body of that digest is here")
        return rebuilt(known, record.facts, record.digest or "")

    def _gap(self, agent: KnownAgent, opened: OpenStream, gap: Gap, told: tuple[int, clock.Mark]) -> None:
        lost = self._open(agent, gap.of)
        if not lost.ledger.has_room(gap.first, gap.last):
            return  # as with a record too far ahead: the agent sends it again when what lies before has come
        if not self._is_new(opened, gap.place.seq):
            return
        missing = lost.ledger.declare(gap.first, gap.last)
        attributes = {"of": gap.of, "first": gap.first, "last": gap.last, "lost": missing}
        text = json.dumps({**attributes, "count": gap.count, "reason": gap.reason})
        self._event(agent, opened, gap.place, told, "gap", "gap", text)

    def _event(
        self,
        agent: KnownAgent,
        opened: OpenStream,
        place: Place,
        told: tuple[int, clock.Mark],
        kind: str,
        name: str,
        text: str,
    ) -> None:
        at, mark = told
        self.rows.events.append(EventRow(opened.pk, place.seq, agent.pk, self.rows.at, at, mark, kind, name, text))

    def _hello(self, agent: KnownAgent, hello: Hello, payload: bytes) -> None:
        opened = self._open(agent, hello.stream)
        measured = clock.measure(hello.stamp, self.rows.at)
        self._planner.set_boot_clock(agent.pk, hello.stamp.boot, measured)
        self.rows.clocks[agent.pk, hello.stamp.boot] = measured
        self.rows.hellos[agent.pk] = payload
        self._unknown.pop(agent.pk, None)
        if hello.role != CANARY_ROLE:
            self.rows.heard.append(HeardRow(self.rows.at, agent.pk, False, payload))  # noqa: FBT003 - a column
        self._answers[agent.pk, hello.stream] = (agent, opened, hello)

    def _unsequenced(self, agent: KnownAgent, record: Samples, payload: bytes) -> None:
        """Keep a router script's report at most once, under a number of our own, outside any ledger's promise."""
        opened = self._open(agent, "unsigned", answer=False)
        seq = opened.ledger.highest + 1
        opened.ledger.offer(seq)
        self.accepted += 1
        first = self.rows.at if record.stamp.time <= 0 else record.stamp.time
        last = first + record.at[-1] * 1000
        self.rows.reports.append(
            ReportRow(opened.pk, seq, agent.pk, self.rows.at, first, last, clock.Mark.UNVERIFIED, 0, payload)
        )

    def _open(self, agent: KnownAgent, stream: str, *, answer: bool = True) -> OpenStream:
        key = (agent.pk, stream)
        opened = self._planner.stream(agent.pk, stream, self.rows.at)
        self.touched.add(key)
        self.rows.streams[opened.pk] = opened
        if answer and key not in self._answers:
            self._answers[key] = (agent, opened, None)
        return opened

    def _is_new(self, opened: OpenStream, seq: int) -> bool:
        verdict = opened.ledger.offer(seq)
        if verdict is Verdict.NEW:
            self.accepted += 1
            return True
        self.duplicates += verdict is Verdict.DUPLICATE
        return False


def _stamp(batch: Batch) -> Stamp:
    return Stamp(batch.boot, batch.time, batch.mono)
