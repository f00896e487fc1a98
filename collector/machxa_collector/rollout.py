"""Tell each agent the settings and the policy it shall have, and widen what is new ring by ring."""

from __future__ import annotations

import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from machxa_collector.intake.rows import KnownAgent
from machxa_collector.intake.turn import Turn
from machxa_collector.registry.audit import Entry, Result
from machxa_collector.registry.rollout import WHOLE, Kind, State, Verdict, Watched, judge, next_stage, ring
from machxa_collector.store import policies, rollouts, settings
from machxa_collector.store.rollouts import Rollout

logger = logging.getLogger(__name__)

_EVERY_SECONDS = 15.0
_ACTOR = "rollout"


class Agents(Protocol):
    """Know the agents that take configuration."""

    def ids(self) -> Sequence[str]:
        """Return the ids of all of them; no key is opened for it."""

    def known(self, ids: Sequence[str]) -> Iterable[KnownAgent]:
        """Yield those of some that take configuration now, with their keys."""


class Rollouts:
    """Publish and widen; safe from any thread."""

    def __init__(self, store: Engine, turn: Turn, agents: Agents, now_ms: Callable[[], int]) -> None:
        """Serve all agents that take configuration."""
        self._store, self._turn, self._agents, self._now_ms = store, turn, agents, now_ms
        self._published: dict[Kind, Rollout] = {}
        self._stopped = threading.Event()

    def run(self) -> None:
        """Look now and then until stopped: other processes begin, pause and resume rollouts, too."""
        while not self._stopped.wait(_EVERY_SECONDS):
            try:
                self.look()
            except SQLAlchemyError as exc:
                logger.warning("rollouts wait for their next turn: %s", str(exc)[:200])

    def stop(self) -> None:
        """Make run return."""
        self._stopped.set()

    def publish(self, only: str | None = None) -> None:
        """Tell one agent (its id), or all, what they shall have."""
        for kind in Kind:
            current = rollouts.newest(self._store, kind)
            if current is not None:
                self._tell(current, only)
                if only is None:
                    self._published[kind] = current

    def look(self) -> None:
        """Publish what another process has changed, and judge what is under way; a defect of one kind is logged.

        Raises SQLAlchemyError while the store cannot.
        """
        for kind in Kind:
            try:
                self._look_at(kind)
            except SQLAlchemyError:
                raise
            except Exception:
                logger.exception("rolling out %s met a defect; it is tried again", kind.value)

    def _look_at(self, kind: Kind) -> None:
        current = rollouts.newest(self._store, kind)
        if current is None:
            return
        if _width(self._published.get(kind)) != _width(current):
            self._tell(current, None)
            self._published[kind] = current
        if current.state is State.RUNNING:
            self._judge(current)

    def _judge(self, current: Rollout) -> None:
        agents = self._agents.ids()
        inside = ring(agents, current.percent)
        known, silent_elsewhere = rollouts.seen(self._store, current, inside)
        watched = Watched(
            age_ms=self._now_ms() - current.stage_at,
            ring=known,
            is_whole=len(inside) == len(agents),
            silent_ratio_elsewhere=silent_elsewhere,
        )
        verdict, reason = judge(watched)
        if verdict is Verdict.WAIT:
            rollouts.note(self._store, current, reason)
        elif verdict is Verdict.WIDEN:
            self._widen(current, reason)
        elif verdict is Verdict.FINISH:
            if rollouts.settle(self._store, current, State.DONE, reason, self._act(current, "finish", reason)):
                logger.info("%s %d are with all agents: %s", current.kind.value, current.version, reason)
        elif rollouts.settle(self._store, current, State.STOPPED, reason, self._act(current, "stop", reason)):
            logger.error("rollout of %s %d has stopped: %s", current.kind.value, current.version, reason)

    def _widen(self, current: Rollout, reason: str) -> None:
        percent = next_stage(current.percent)
        if rollouts.widen(self._store, current, percent, self._now_ms(), reason):
            logger.info("%s %d go to %d %% of agents: %s", current.kind.value, current.version, percent, reason)
            self.publish()

    def _tell(self, current: Rollout, only: str | None) -> None:
        """Publish to each agent its version; what the broker retains for it already, it takes as no news.

        For one agent the others are looked at only while they decide whether it is in the ring.
        """
        is_whole = current.state is State.DONE or current.percent == WHOLE
        everyone = self._agents.ids() if only is None or not is_whole else [only]
        inside = frozenset(everyone) if is_whole else ring(everyone, current.percent)
        those: dict[int | None, list[KnownAgent]] = defaultdict(list)
        for agent in self._agents.known(everyone if only is None else [only]):
            those[current.version_for(agent.id, inside)].append(agent)
        for version, told in those.items():
            if version is not None:
                self._send(current.kind, version, told)

    def _send(self, kind: Kind, version: int, agents: Sequence[KnownAgent]) -> None:
        if kind is Kind.POLICY:
            payload = policies.payload(self._store, version)
            if payload is not None:
                self._turn.send_policy(agents, payload)
            return
        one = settings.of_version(self._store, version)
        if one is not None:
            self._turn.send_settings(agents, one)

    def _act(self, current: Rollout, act: str, reason: str) -> Entry:
        return Entry(
            at=self._now_ms(),
            actor=_ACTOR,
            action=f"rollout.{act}",
            subject=f"{current.kind.value}/{current.version}",
            result=Result.FAILED if act == "stop" else Result.DONE,
            detail={"percent": current.percent, "reason": reason},
        )


def _width(one: Rollout | None) -> tuple[int, int] | None:
    return None if one is None else (one.version, one.percent)
