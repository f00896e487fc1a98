"""Let the world's agents say what the world leaves out: their facts, their disks, their printers' counters. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from machxa_collector.demo import facts
from machxa_collector.demo.chance import chance_of
from machxa_collector.demo.plan import PRINTERS
from machxa_fleet.drill.place import agent_id, device_key
from machxa_fleet.drill.world import Arrival, Heard, World
from machxa_wire.records import Event, Facts, Hello, Place, Presence, Record, Samples, Sequenced, Series, Stamp

_CATEGORIES = {"dossier": "one_stop", "signature": "signature", "land": "lookup", "civil_status": "lookup"}
_LAND_PRINTER = "printer1"
_MODELS = {"router": "Định tuyến R2"}


def spoken(world: World) -> Iterator[Heard]:
    """Yield what the centre hears of agents; each begins, once it is there, with what it is."""
    agents = {agent_id(pc.unit, pc.asset): (pc.unit, pc.asset) for place in world.places.values() for pc in place.pcs}
    return _with_facts(world.arrivals(), agents)


def _with_facts(arrivals: Iterable[Arrival], agents: dict[str, tuple[str, str]]) -> Iterator[Heard]:
    ahead: dict[str, int] = {}  # how many records of ours stand before the world's own
    held: dict[str, Hello] = {}
    for one in arrivals:
        if not isinstance(one, Heard):
            continue
        record = one.record
        if isinstance(record, Hello):
            held.setdefault(one.agent, record)
            yield one
            if one.agent not in ahead:
                told = [
                    Heard(one.at + number, one.agent, said)
                    for number, said in enumerate(_introduced(*agents[one.agent], record), 1)
                ]
                ahead[one.agent] = len(told)
                yield from told
            continue
        place = getattr(record, "place", None)
        if place is None:
            yield one
            continue
        shift = ahead.get(one.agent, 0)
        yield replace(one, record=_moved(record, place, shift))


def _moved(record: Record | Presence, place: Place, shift: int) -> Sequenced:
    assert not isinstance(record, (Hello, Presence))  # noqa: S101 - they have no place
    moved = Place(place.stream, place.seq + shift)
    if isinstance(record, Event) and record.name == "human.report":
        system, device = record.attributes.get("system"), str(record.attributes.get("device", ""))
        printer = "land_printer" if device.endswith(_LAND_PRINTER) else "printer" if "printer" in device else None
        category = printer or _CATEGORIES.get(str(system), "other")
        return replace(record, place=moved, attributes={**record.attributes, "category": category})
    return replace(record, place=moved)


def _introduced(unit: str, asset: str, hello: Hello) -> Iterator[Sequenced]:
    stamp, seq = hello.stamp, 1
    yield Facts(Place(hello.stream, seq), stamp, facts.computer(unit, asset))
    series, values = facts.disk_series(unit, asset)
    seq += 1
    yield Samples(Place(hello.stream, seq), stamp, (0,), series, tuple((one,) for one in values))
    if asset != "pc1":
        return
    devices = [(f"printer{number}", "printer") for number in range(1, PRINTERS + 1)] + [("router", "router")]
    for name, kind in devices:
        seq += 1
        model = _MODELS.get(name) or ("In đất D1" if name == _LAND_PRINTER else f"In văn phòng V{name[-1]}")
        body = facts.device(unit, name, kind, model)
        yield Facts(Place(hello.stream, seq), stamp, body, device=device_key(unit, name))
    seq += 1
    yield _supplies(unit, Place(hello.stream, seq), stamp)


def _supplies(unit: str, place: Place, stamp: Stamp) -> Samples:
    series, columns = [], []
    for number in range(1, PRINTERS + 1):
        key = device_key(unit, f"printer{number}")
        chance = chance_of(unit, number, "supplies")
        level = chance.randint(30, 90) if number != 2 else chance.randint(4, 12)  # noqa: PLR2004 - the one that is low
        series.append(Series("machxa.printer.supply", (("device", key), ("supply", "1")), 1, 1000))
        columns.append((level * 10,))
        series.append(Series("machxa.printer.pages", (("device", key),)))
        columns.append((chance.randint(3_000, 90_000),))
    return Samples(place, stamp, (0,), tuple(series), tuple(columns))
