"""Follow one check from try to try: when a second one is wanted, and which change is told, as of when. Pure."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Optional, Tuple

from machxa_agent.checks.verdict import State, Verdict
from machxa_wire.records import Stamp

_LEAST_PAUSE_SECONDS, _PAUSES = 10, 26  # a second try begins within a minute of a first that hung for 20 s


@dataclass(frozen=True)
class Change:
    """Hold a transition: what is true since when, and what was; None before the first result."""

    verdict: Verdict
    since: Stamp
    was: Optional[State]


class Course:
    """Hold what is known of one check.

    A failing state is told after a second failing try, as of the first; what is well or unknown is told at once. From
    well to failing the second try comes soon, from one failing state to another it is the next in turn.
    """

    def __init__(self) -> None:
        """Begin with nothing known."""
        self.told: Optional[Verdict] = None
        self._doubt: Optional[Stamp] = None

    def took(self, verdict: Verdict, started: Stamp) -> Tuple[Optional[Change], bool]:
        """Take in a try that began at ``started``; return the change to tell, and whether to try again soon."""
        before, doubt = self.told, self._doubt
        if before is not None and before.state is verdict.state:
            self.told, self._doubt = verdict, None
            return None, False
        if verdict.state.is_failing and doubt is None:
            self._doubt = started
            return None, before is None or not before.state.is_failing
        since = doubt if doubt is not None and verdict.state.is_failing else started
        self.told, self._doubt = verdict, None
        return Change(verdict, since, None if before is None else before.state), False


def chance(agent: str, check: str) -> int:
    """Return a number that is an agent's and a check's own, evenly spread over agents: CRC-32 of both names."""
    return zlib.crc32(f"{agent}/{check}".encode())


def first_pause(agent: str, check: str, every_seconds: float) -> float:
    """Return after how many seconds an agent runs a check first, so that all agents together never run it at once."""
    return chance(agent, check) / 2**32 * every_seconds


def second_pause(agent: str, check: str) -> float:
    """Return after how many seconds a second try begins."""
    return _LEAST_PAUSE_SECONDS + chance(agent, check) % _PAUSES
