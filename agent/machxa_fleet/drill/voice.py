"""Give an agent's words their numbers and its own clock's stamps. Pure."""

from __future__ import annotations

from random import Random

from machxa_fleet.drill.lives import Life
from machxa_fleet.drill.place import Pc
from machxa_fleet.drill.said import Said, SaidEvent, SaidSamples
from machxa_wire.records import Bye, Event, Hello, Place, Samples, Sequenced, Stamp

_VERSIONS = {"agent": "drill", "wire": "1"}


class Voice:
    """Speak for one agent: ``numbered`` in the order of its outbox."""

    def __init__(self, pc: Pc, chance: Random) -> None:
        """Take the PC; its clock is off by a second or two, and by more where the scenario says so."""
        self._role = pc.role
        self._stream = f"{chance.getrandbits(64):016x}"
        self._name = f"{chance.getrandbits(32):08x}"
        self._usual_ms = round(chance.gauss(0.0, 800.0))
        self._clocks = tuple(
            (one.span, round(one.fault.seconds * 1000)) for one in pc.troubles if one.kind == "pc_clock"
        )
        self._seq = 0

    def numbered(self, one: Said) -> Sequenced:
        """Return the record of what was said, with the next number."""
        self._seq += 1
        place, stamp = Place(self._stream, self._seq), self._stamp(one.life, one.true_at)
        if isinstance(one, SaidSamples):
            return Samples(place, stamp, one.at, one.series, one.columns)
        if isinstance(one, SaidEvent):
            return Event(place, stamp, one.name, one.attributes)
        return Bye(place, stamp, one.reason)

    def hello(self, life: Life, at: int) -> Hello:
        """Return the hello of a connection; newest is not told."""
        return Hello(self._stamp(life, at), self._stream, self._seq, 0, 0, self._role, _VERSIONS, None)

    def boot(self, life: Life) -> str:
        """Return the id of a run's boot."""
        return f"{self._name}{life.boot}.{life.boot}"

    def boot_before(self) -> str:
        """Return the id of the boot before the drill's first."""
        return f"{self._name}0.0"

    def _stamp(self, life: Life, at: int) -> Stamp:
        off = self._usual_ms + sum(ms for (start, end), ms in self._clocks if start <= at < end)
        return Stamp(self.boot(life), at + off, max(0, at - life.boot_at))
