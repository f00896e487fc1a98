"""Divide the fleet among several intakes by the shards of its topics: what each subscribes to and takes. Pure.

Which member has a shard follows from the names of those that live alone (rendezvous hashing: Thaler and
Ravishankar, 1998), so that one that goes leaves only its own shards to the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from machxa_wire.topics import subscription

SHARDS = tuple(f"{number:02x}" for number in range(256))
_SHARD_AT = slice(len("mx/1/"), len("mx/1/") + 2)


@dataclass(frozen=True, slots=True)
class Holding:
    """Hold what is one member's: its shards in an epoch. instance is what all members together are called."""

    epoch: int
    instance: str
    shards: frozenset[str]


@dataclass(frozen=True, slots=True)
class Moved:
    """Say which filters came and which are gone: (filter, whether it is of records)."""

    come: Sequence[tuple[str, bool]] = ()
    gone: Sequence[str] = ()


def owner(shard: str, members: Collection[str]) -> str | None:
    """Return the member that has a shard, None when there is no member."""
    return max(members, key=lambda name: (hashlib.sha256(f"{shard}/{name}".encode()).digest(), name), default=None)


def shards_of(name: str, members: Collection[str]) -> frozenset[str]:
    """Return the shards of one of these members."""
    return frozenset(shard for shard in SHARDS if owner(shard, members) == name)


class Share(Protocol):
    """Say what an intake's link takes."""

    instance: str
    is_alone: bool  # nobody is beside us, ever

    def filters(self) -> Sequence[tuple[str, bool]]:
        """Return what a new connection subscribes to: (filter, whether it is of records)."""

    def takes(self, topic: str) -> bool:
        """Return whether an arrival is ours."""

    def moved(self) -> Moved | None:
        """Return what else is ours than when last asked, None when nothing is."""

    def is_last(self) -> bool:
        """Return whether nobody takes anything when we go."""

    def doubt(self) -> None:
        """Take in that a commit was refused: something else may be ours by now."""


class Whole:
    """Take everything: one intake alone."""

    is_alone = True

    def __init__(self, instance: str) -> None:
        """Be called instance."""
        self.instance = instance

    def filters(self) -> Sequence[tuple[str, bool]]:
        """Return the filters of all shards."""
        return ((subscription(), True), (subscription(channel="presence"), False))

    def takes(self, _topic: str) -> bool:
        """Return True."""
        return True

    def moved(self) -> Moved | None:
        """Return None."""
        return None

    def is_last(self) -> bool:
        """Return True."""
        return True

    def doubt(self) -> None:
        """Do nothing: the store alone can be in the way."""


@dataclass
class Part:
    """Take what is ours by the newest roll; one thread's.

    own is the topic of the member's own canary, which it hears whoever has its shard. begin is told each new epoch
    before anything of it is taken; look asks for a newer roll.
    """

    holding: Callable[[], Holding]
    own: str
    begin: Callable[[int], None]
    others_live: Callable[[], bool]
    look: Callable[[], None]
    is_alone: bool = field(init=False, default=False)
    instance: str = field(init=False, default="")
    _held: Holding | None = field(init=False, default=None)

    def filters(self) -> Sequence[tuple[str, bool]]:
        """Return the filters of our shards."""
        self.moved()
        return _filters(self._shards()) + self._canary()

    def takes(self, topic: str) -> bool:
        """Return whether a topic is of a shard of ours."""
        return topic[_SHARD_AT] in self._shards() or topic == self.own

    def moved(self) -> Moved | None:
        """Return what else is ours since another epoch began, None while the same one lasts."""
        now, before = self.holding(), self._held
        if now == before:
            return None
        had, canary = self._shards(), self._canary()
        self._held, self.instance = now, now.instance
        self.begin(now.epoch)
        come = _filters(now.shards - had) + [one for one in self._canary() if one not in canary]
        gone = [name for name, _ in _filters(had - now.shards)] + [
            one[0] for one in canary if one not in self._canary()
        ]
        return Moved(come, gone)

    def is_last(self) -> bool:
        """Return whether no other member lives."""
        return not self.others_live()

    def doubt(self) -> None:
        """Ask for a newer roll."""
        self.look()

    def _shards(self) -> frozenset[str]:
        return frozenset() if self._held is None else self._held.shards

    def _canary(self) -> list[tuple[str, bool]]:
        return [] if self._held is None or self.own[_SHARD_AT] in self._held.shards else [(self.own, True)]


def _filters(shards: Collection[str]) -> list[tuple[str, bool]]:
    found = [(subscription(shard), True) for shard in sorted(shards)]
    return found + [(subscription(shard, "presence"), False) for shard in sorted(shards)]
