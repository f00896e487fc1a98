"""Say what travels between agent and collector, as plain values.

Every value a probe reads is a whole number in a declared resolution: ``Series`` carries the
two factors, so a CPU time of 12.34 s travels as 1234 with divisor 100. Nothing is rounded
that was measured finer, no float reaches the wire, and NaN and infinity cannot be said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, Mapping, NamedTuple, Optional, Tuple, Union

Label = Tuple[str, str]
Scalar = Union[str, int, float, bool, None]


class Series(NamedTuple):  # a tuple is made and compared in a third of a dataclass's time, some hundred times a minute
    """Name one measured quantity: an OpenTelemetry metric name and its attributes.

    labels are sorted pairs. A value v on the wire means ``v * multiplier / divisor`` in the
    metric's own unit (``system.memory.usage`` in bytes counted in pages: multiplier 4096;
    ``system.cpu.time`` in seconds counted in ticks: divisor 100). Both are 1 or more.
    """

    name: str
    labels: Tuple[Label, ...] = ()
    multiplier: int = 1
    divisor: int = 1


class Sample(NamedTuple):
    """Hold one reading: a whole number in its series' resolution, None when not measured."""

    series: Series
    value: Optional[int]


@dataclass(frozen=True)
class Stamp:
    """Tell when something became true, without trusting one clock.

    time is the agent's wall clock, milliseconds since 1970 UTC; mono counts milliseconds on a clock that
    includes sleep and that nobody sets, within ``boot`` (a short id of the system's boot, a dot, and a
    counter kept by the outbox).
    """

    boot: str
    time: int
    mono: int


@dataclass(frozen=True)
class Place:
    """Give a record its place: ``stream`` is born with the outbox (16 hex digits), ``seq`` counts from 1."""

    stream: str
    seq: int


@dataclass(frozen=True)
class Samples:
    """Carry a columnar batch: ``columns[i][j]`` is the value of ``series[i]`` at ``at[j]``.

    at counts whole seconds from the stamp, not decreasing. None means not measured then.
    """

    place: Optional[Place]
    stamp: Stamp
    at: Tuple[int, ...]
    series: Tuple[Series, ...]
    columns: Tuple[Tuple[Optional[int], ...], ...]


@dataclass(frozen=True)
class Facts:
    """Carry what an asset is: an inventory body in the words of the GLPI inventory JSON schema.

    With a base, facts is the difference (machxa_wire.difference) to the body of that digest, and digest is that of the
    body it makes. Without one facts is the whole body.

    device is the key of another asset that the agent asks for its facts (a printer, a switch), None for its own. Such
    facts travel as a kind of their own: a collector that knows no devices refuses them and never takes them for the
    agent's.
    """

    place: Place
    stamp: Stamp
    facts: Mapping[str, object]
    base: Optional[str] = None
    digest: Optional[str] = None
    device: Optional[str] = None


@dataclass(frozen=True)
class Event:
    """Carry one transition: a dotted name and flat attributes."""

    place: Place
    stamp: Stamp
    name: str
    attributes: Mapping[str, Scalar]


@dataclass(frozen=True)
class Gap:
    """Declare records that will never come: numbers first..last of stream ``of``, and why.

    count is how many of them were dropped by this agent; None when it cannot know (a damaged
    outbox). reason is "full" (the outbox's bound), "damaged", or "expired" (the collector
    needs again what was acknowledged longer ago than the agent keeps it).
    """

    place: Place
    stamp: Stamp
    of: str
    first: int
    last: int
    count: Optional[int]
    reason: str


@dataclass(frozen=True)
class Bye:
    """Say that the machine goes off on purpose: reason is "shutdown", "restart" or "stop"."""

    place: Place
    stamp: Stamp
    reason: str


@dataclass(frozen=True)
class Hello:
    """Introduce a connection: newest state and the outbox's depth. Has no place, is never deduplicated.

    versions maps a component ("agent", "wire", "dictionary") to its version. waiting_records and
    waiting_bytes are what the outbox holds unacknowledged, high the greatest seq it ever gave.
    newest is None before the first reading. dropped counts records given up for want of room, all told;
    fault says in a few words what is wrong with the outbox, None when nothing is. path names the way to the centre in
    use, lan is the private IPv4 address that packets to it leave by; None where there is none or it is not told.
    """

    stamp: Stamp
    stream: str
    high: int
    waiting_records: int
    waiting_bytes: int
    role: str
    versions: Mapping[str, str]
    newest: Optional[Samples]
    dropped: int = 0
    fault: Optional[str] = None
    path: Optional[str] = None
    lan: Optional[str] = None


Sequenced = Union[Samples, Facts, Event, Gap, Bye]
Record = Union[Samples, Facts, Event, Gap, Bye, Hello]


@dataclass(frozen=True)
class Ack:
    """Tell an agent what is committed: every seq up to ``upto`` of ``stream`` was received or declared lost.

    need asks for a resend from that seq (a restored backup). time is the centre's clock,
    milliseconds since 1970 UTC, when it was sent; None when it says nothing about time. whole asks for the facts in
    whole: a difference came whose base is not here. hello names a boot of which records came and no hello is known (it
    died with an intake, or nobody was there): while the agent is in that boot it introduces itself again.
    """

    stream: str
    upto: int
    need: Optional[int] = None
    time: Optional[int] = None
    whole: bool = False
    hello: Optional[str] = None


@dataclass(frozen=True)
class Settings:
    """Say how often an agent samples and sends: seconds, within 1..3600 and sample..86400."""

    version: int
    sample_seconds: int = 60
    batch_seconds: int = 300


@dataclass(frozen=True)
class CentrePresence:
    """Say whether the collector listens; agents spread their resends over spread_seconds."""

    up: bool
    instance: str
    spread_seconds: int


@dataclass(frozen=True)
class Presence:
    """Say whether an agent is here: state is "on", "off" (said good-bye) or "lost" (the broker's will).

    role is the one it is connected as, which says how soon a will comes; None of an agent that tells none.
    """

    state: str
    boot: str
    role: Optional[str] = None


Body = Dict[str, object]
