"""Widen a change ring by ring, and stop by itself when agents refuse it, fail with it or fall silent. Pure.

CrowdStrike's file of July 2024 went to 8.5 million computers at once. Here 1 %, then 10 %, then all; each ring has
to do well for half an hour. Which agents are first is settled by a hash of their ids, so everybody knows them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import Enum

STAGES = (1, 10, 100)  # percent of all agents
WHOLE = STAGES[-1]
DWELL_MS = 30 * 60_000
_TOOK_RATIO = 0.8  # of those that are on
_SMALL = 100  # agents of a ring in which no refusal is borne
_REFUSED_RATIO = 0.01
_SILENT_RATIO = 0.1  # more than elsewhere at the same time
_LEAST_SILENT = 2  # one PC may just be unplugged


class Kind(Enum):
    """Say what is rolled out."""

    SETTINGS = "settings"
    POLICY = "policy"


class State(Enum):
    """Say how far a rollout is."""

    RUNNING = "running"
    PAUSED = "paused"  # by a person
    STOPPED = "stopped"  # by itself
    DONE = "done"
    SUPERSEDED = "superseded"  # a newer one began


class Verdict(Enum):
    """Say what happens to a rollout now."""

    WAIT = "wait"
    WIDEN = "widen"
    FINISH = "finish"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Hold what is known of one agent of a ring since the rollout began.

    refused is its reason, None when it refused or took back nothing; is_silent: its connection was lost, without a
    good-bye, after this ring was told.
    """

    agent: str
    took: bool = False
    refused: str | None = None
    is_on: bool = True
    is_silent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """Hold what a verdict is made of: how long ago the ring was told, its agents, and the silent share elsewhere."""

    age_ms: int
    ring: Collection[Seen]
    is_whole: bool
    silent_ratio_elsewhere: float = 0.0


def ring(agents: Iterable[str], percent: int) -> frozenset[str]:
    """Return the agents of a ring: always at least one, each ring within the next."""
    ranked = sorted(agents, key=lambda agent: hashlib.sha256(agent.encode()).digest())
    return frozenset(ranked[: -(-len(ranked) * percent // WHOLE)])


def next_stage(percent: int) -> int:
    """Return how wide the ring after this one is."""
    return next((stage for stage in STAGES if stage > percent), WHOLE)


def judge(watched: Watched) -> tuple[Verdict, str]:
    """Return what happens now, and why, for the people who watch it."""
    ring_ = watched.ring
    refusing = [one for one in ring_ if one.refused is not None]
    if refusing and (len(ring_) < _SMALL or len(refusing) > _REFUSED_RATIO * len(ring_)):
        first = min(refusing, key=lambda one: one.agent)
        return Verdict.STOP, f"{len(refusing)} of {len(ring_)} agents refuse it; {first.agent}: {first.refused}"
    took = [one for one in ring_ if one.took]
    silent = [one for one in took if one.is_silent]
    is_many = bool(silent) and len(silent) >= min(_LEAST_SILENT, len(ring_))
    if is_many and len(silent) / len(took) - watched.silent_ratio_elsewhere > _SILENT_RATIO:
        first = min(silent, key=lambda one: one.agent)
        return Verdict.STOP, f"{len(silent)} of {len(took)} agents fell silent after taking it, one is {first.agent}"
    present = [one for one in ring_ if one.is_on or one.took]
    if ring_ and len(took) < max(1.0, _TOOK_RATIO * len(present)):
        return Verdict.WAIT, f"{len(took)} of {len(present)} agents that are on have taken it"
    if watched.age_ms < DWELL_MS and ring_:
        return Verdict.WAIT, f"{len(took)} of {len(ring_)} agents have taken it; watched for half an hour"
    return (Verdict.FINISH if watched.is_whole else Verdict.WIDEN), f"{len(took)} of {len(ring_)} agents have taken it"
