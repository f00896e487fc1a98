"""Take a batch of arrivals to its commit and say what to acknowledge.

One bad record never stops the next good one: what cannot be read is set aside with its reason, and
a batch that the store refuses for what it holds is offered again record by record.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from machxa_collector import crash
from machxa_collector.intake.admit import Admission, Arrival
from machxa_collector.intake.meters import Meters
from machxa_collector.intake.plan import Plan, Planner
from machxa_collector.intake.rows import IntakeStore, KnownAgent, QuarantineRow, Rows, StoreUnavailableError
from machxa_collector.intake.sparing import Sparing
from machxa_wire.encode import encode_ack
from machxa_wire.mac import sign
from machxa_wire.refusal import Reason, Refused
from machxa_wire.topics import Address, parse_upward

logger = logging.getLogger(__name__)

_KEPT_BYTES = 4096
_KEPT_PER_BATCH = 50
_TOPIC_CHARACTERS = 200
_NO_TOPIC = frozenset("+#\0")  # what no topic holds: a broker that let it through would end our connection for it
_ASTRAY = frozenset({Reason.TOPIC, Reason.AGENT, Reason.RETAINED})


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Hold one signed message to an agent."""

    topic: str
    payload: bytes
    mac: str
    qos: int = 0
    retain: bool = False


class Pipeline:
    """Commit batches; only ``process`` writes to the store, and only one thread calls it."""

    def __init__(self, store: IntakeStore, meters: Meters, now_ms: Callable[[], int]) -> None:
        self._store = store
        self.committed: Callable[[Rows], None] = _nobody  # is told what was written; neither raises nor waits
        self._meters = meters
        self._now_ms = now_ms
        self._planner = Planner(store)
        self._sparing = Sparing()
        self._refreshing = threading.Lock()
        self._astray: set[str] = set()
        self.admission = Admission(store.agents())

    def process(self, arrivals: Sequence[Arrival]) -> list[Outgoing]:
        """Return the acknowledgements of a batch, after its commit.

        Raises StoreUnavailableError when nothing was committed; the same batch can be offered again.
        """
        try:
            plan = self._plan(arrivals)
            self._commit(plan)
        except StoreUnavailableError:
            self._meters.store_down.set(1)
            raise
        except Exception as exc:  # noqa: BLE001 - whatever one record does must not stop the others; it is told and kept
            if len(arrivals) == 1:
                return self._set_aside(arrivals[0], exc)
            self._defect("a batch was refused by the store; it is offered one by one", exc)
            return [outgoing for arrival in arrivals for outgoing in self.process([arrival])]
        self._meters.store_down.set(0)
        return _acknowledgements(plan) + self._swept()

    def begin_anew(self) -> None:
        """Read the books from the store again: another intake may have kept some of them meanwhile."""
        self._planner = Planner(self._store)

    def refresh(self, ids: Collection[str]) -> None:
        """Hear those of some agents that were enrolled since, and no longer those that were revoked.

        Safe from any thread; what it costs does not grow with the fleet.
        """
        with self._refreshing:
            found = self._store.named(ids)
            self.admission.hear(found)
            self.admission.forget(set(ids) - {agent.id for agent in found})

    def _plan(self, arrivals: Sequence[Arrival]) -> Plan:
        plan = self._planner.start(self._now_ms())
        try:
            self._enter(plan, arrivals)
        except Exception:
            self._planner.forget(plan)
            raise
        return plan

    def _enter(self, plan: Plan, arrivals: Sequence[Arrival]) -> None:
        admission = self.admission
        strange = [upward for topic in self._strange(arrivals) if (upward := parse_upward(topic)) is not None]
        if strange:  # enrolled a moment ago, perhaps; asked once a batch, of those alone, whoever floods us
            self.refresh({upward.address.agent for upward in strange})
        for arrival in arrivals:
            try:
                plan.add(admission.admit(arrival), arrival.payload)
            except Refused as refused:
                self._refuse(plan, arrival, refused.reason, refused.detail)
            except StoreUnavailableError:
                raise
            except Exception as exc:  # noqa: BLE001 - as above
                self._defect("a record could not be planned; it is set aside", exc)
                self._refuse(plan, arrival, Reason.INTERNAL, type(exc).__name__)

    def _strange(self, arrivals: Sequence[Arrival]) -> set[str]:
        """Return the topics of arrivals that belong to no agent that is heard."""
        return {arrival.topic for arrival in arrivals if not self.admission.knows(arrival.topic)}

    def _commit(self, plan: Plan) -> None:
        crash.reached("before_commit", at_stake=bool(plan.rows.reports))
        try:
            with self._meters.commits.time():
                self._store.commit(plan.rows)
        except Exception:
            self._planner.forget(plan)
            raise
        crash.reached("after_commit_before_ack", at_stake=bool(plan.rows.reports))
        self.committed(plan.rows)
        self._meters.accepted.inc(plan.accepted)
        self._meters.duplicates.inc(plan.duplicates)
        for reason, count in plan.rows.refusals.items():
            self._meters.refused.labels(reason).inc(count)

    def _swept(self) -> list[Outgoing]:
        """Return what clears the broker of messages it may retain where none belongs.

        An access list lets an agent write under any shard, so one that is hostile could fill the broker's memory
        with retained messages. An empty one removes it (MQTT 5, 3.3.1.3); it comes back to us and is refused, too.
        """
        swept = [Outgoing(topic, b"", "", qos=0, retain=True) for topic in sorted(self._astray)]
        self._astray.clear()
        return swept

    def _defect(self, what: str, exc: Exception) -> None:
        held = self._sparing.due(what)
        if held is not None:
            logger.error("%s (%d more since last told)", what, held, exc_info=exc)

    def _set_aside(self, arrival: Arrival, exc: Exception) -> list[Outgoing]:
        self._defect("the store refused a record; it is set aside", exc)
        plan = self._planner.start(self._now_ms())
        try:
            self._refuse(plan, arrival, Reason.INTERNAL, "the store refused it")
            self._commit(plan)
        except Exception:
            self._planner.forget(plan)
            raise
        return _acknowledgements(plan)

    def _refuse(self, plan: Plan, arrival: Arrival, reason: Reason, detail: str) -> None:
        """Set a record aside; its number, if the agent vouches for one, is passed so that the next can follow."""
        held = self._sparing.due(reason.value)
        if held is not None:
            told = (reason.value, arrival.topic[:_TOPIC_CHARACTERS], detail[:_TOPIC_CHARACTERS], held)
            logger.warning("refused (%s) on %r: %r (%d more since last told)", *told)
        _keep(plan, arrival, reason, detail)
        if reason in _ASTRAY and arrival.payload and _NO_TOPIC.isdisjoint(arrival.topic):
            self._astray.add(arrival.topic)
        place = self.admission.place_of(arrival)
        if place is None:
            return
        try:
            plan.pass_over(*place)
        except StoreUnavailableError:
            raise
        except Refused:
            pass  # a stream too many: there is nothing to pass
        except Exception as exc:  # noqa: BLE001 - as above
            self._defect("the number of a refused record could not be passed", exc)


def _keep(plan: Plan, arrival: Arrival, reason: Reason, detail: str) -> None:
    rows = plan.rows
    rows.refusals[reason.value] = rows.refusals.get(reason.value, 0) + 1
    if len(rows.quarantine) >= _KEPT_PER_BATCH:
        return
    upward = parse_upward(arrival.topic)
    rows.quarantine.append(
        QuarantineRow(
            at=rows.at,
            topic=arrival.topic[:_TOPIC_CHARACTERS],
            agent=upward.address.agent if upward else None,
            reason=reason.value,
            detail=detail[:_TOPIC_CHARACTERS],
            size=len(arrival.payload),
            payload=arrival.payload[:_KEPT_BYTES],
        )
    )


def _acknowledgements(plan: Plan) -> list[Outgoing]:
    return [_outgoing(agent, encode_ack(ack)) for agent, ack in plan.acks()]


def _outgoing(agent: KnownAgent, payload: bytes) -> Outgoing:
    topic = Address(agent.id, agent.shard).ack
    return Outgoing(topic, payload, sign(agent.key, topic, payload))


def _nobody(_rows: Rows) -> None:
    """Do nothing: nobody follows what is written."""
