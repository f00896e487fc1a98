"""Put the devices of a commune where they stand: at counters, then in rooms. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from machxa_web.commune.shapes import Counter, Device


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Hold one counter, or one room ("" where nobody said), with its devices."""

    counter: Counter | None
    room: str
    devices: tuple[Device, ...]


def placed(counters: Iterable[Counter], devices: Sequence[Device]) -> tuple[Spot, ...]:
    """Return counters with the devices they use, and rooms with those that no counter names; a room unsaid is last."""
    spots, at_counters = [], set()
    for counter in counters:
        named = frozenset(counter.assets)
        its = tuple(one for one in devices if one.id in named or (one.code is not None and one.code in named))
        at_counters |= {one.id for one in its}
        spots.append(Spot(counter=counter, room="", devices=its))
    rooms: dict[str, list[Device]] = {}
    for one in devices:
        if one.id not in at_counters:
            rooms.setdefault((one.room or "").strip(), []).append(one)
    ordered = sorted(rooms, key=lambda room: (not room, room))
    return (*spots, *(Spot(counter=None, room=room, devices=tuple(rooms[room])) for room in ordered))
