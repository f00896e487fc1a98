"""Say what the gateway and its standby see of their commune: lines, neighbours, devices. Pure but for chance."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from random import Random

from machxa_fleet.drill.lives import Life
from machxa_fleet.drill.place import Pc, Place, device_key, on_lan, takes_devices
from machxa_fleet.drill.said import SaidEvent
from machxa_fleet.drill.spans import Span, Spans, both, covers, edges, minus, union
from machxa_fleet.drill.truth import Weak
from machxa_wire.records import Scalar

_ROUND_MS = 15_000  # four packets a minute
_SURE_DOWN_MS, _SURE_UP_MS, _SURE_WEAK_MS = 45_000, 30_000, 120_000  # from the first sign to the word
_GONE_MS, _HERE_MS = 30_000, 500  # after the first round without an answer; at the first with one
_POLL_MS = 300_000  # of a device
_TAKEOVER_MS = 120_000  # a standby waits so long for a silent gateway
_USUAL_RTT_MS = 25.0
_LOSSY, _SLOW = 3.0, 3.0  # per cent; times the usual round trip
_PRINTER_STATES = {"toner_low": "warning"}

_State = tuple[str, Mapping[str, Scalar]]


def watched(pc: Pc, place: Place, horizon: int, chance: Random) -> Iterator[SaidEvent]:
    """Yield what this agent says of its commune, in the order it says it; nothing from an ordinary PC."""
    if pc.role == "pc":
        return
    found: list[SaidEvent] = []
    for path in place.paths:
        found += _line(pc, place, path, horizon, chance)
    duty = _duty(pc, place)
    found += _neighbours(pc, place, duty, horizon, chance)
    found += _printers(pc, place, duty, horizon, chance)
    yield from sorted(found, key=lambda one: one.made)


def _duty(pc: Pc, place: Place) -> Spans:
    """Return when this agent watches the LAN: the gateway while it runs, the standby while the gateway does not."""
    if pc.role == "gateway":
        return pc.runs()
    gateway = place.pcs[0].runs()
    held = tuple((start, end + _TAKEOVER_MS) for start, end in gateway)
    return both(pc.runs(), minus(pc.runs(), union(held)))


def _line(pc: Pc, place: Place, path: str, horizon: int, chance: Random) -> Iterator[SaidEvent]:
    closed, stutters = _stutters(union(place.closed[path], pc.lan_lost))
    lan = union(place.router_out, pc.lan_lost)
    weak = [*stutters, *(place.truth.line_weak if path == "internet" else ())]
    turns = {moment for span in (*closed, *(one.span for one in weak)) for moment in span}

    def state(at: int) -> _State:
        if _covers(closed, at):
            return "down", {"fault": "gateway" if _covers(lan, at) else "carrier", "loss_percent": 100}
        here = [one for one in weak if one.span[0] <= at < one.span[1]]
        loss, rtt = max((one.loss for one in here), default=0.0), max((one.rtt_ms for one in here), default=0.0)
        rtt_ms = round((_USUAL_RTT_MS + rtt) * (0.95 + 0.1 * chance.random()))
        is_weak = loss > _LOSSY or _USUAL_RTT_MS + rtt > _SLOW * _USUAL_RTT_MS
        return "degraded" if is_weak else "up", {"loss_percent": round(loss), "rtt_ms": rtt_ms}

    sure = {"down": _SURE_DOWN_MS, "up": _SURE_UP_MS, "degraded": _SURE_WEAK_MS}
    for life in pc.lives:
        said = None
        moments = [life.start + _ROUND_MS, *sorted(one for one in turns if life.start + _ROUND_MS < one < life.end)]
        for number, moment in enumerate(moments):
            word, attributes = state(moment)
            after = moments[number + 1] if number + 1 < len(moments) else min(life.end, horizon)
            true_at = moment + round(chance.random() * _ROUND_MS)
            made = true_at + sure[word]
            if word == said or made >= after:
                continue  # over before it is sure
            yield SaidEvent(made, true_at, life, "line.state", {"line": path, "state": word, **attributes, "was": said})
            said = word


def _stutters(closed: Spans) -> tuple[Spans, list[Weak]]:
    """Return the closures that are seen as such; those too short for that, one after the other, are seen as loss."""
    long: list[Span] = []
    short: list[Span] = []
    for span in closed:
        (short if span[1] - span[0] < _SURE_DOWN_MS else long).append(span)
    rows: list[list[Span]] = []
    for span in short:
        if rows and span[0] - rows[-1][-1][1] < _SURE_WEAK_MS:
            rows[-1].append(span)
        else:
            rows.append([span])
    weak = []
    for row in rows:
        start, end = row[0][0], row[-1][1]
        if len(row) > 1:
            weak.append(Weak((start, end), 100 * sum(last - first for first, last in row) / (end - start), 0.0))
    return tuple(long), weak


def _neighbours(pc: Pc, place: Place, duty: Spans, horizon: int, chance: Random) -> Iterator[SaidEvent]:
    seen: list[tuple[str, str, Spans]] = [(one.agent, "pc", on_lan(one)) for one in place.pcs if one is not pc]
    always: Spans = ((min(life.start for life in pc.lives) - 1, horizon * 2),) if pc.lives else ()
    powered = minus(always, union(place.truth.dark, place.truth.router_off))
    lan_lost = union(span for span, share in place.truth.lan_down if takes_devices(share))
    printers = (device_key(place.code, f"printer{number + 1}") for number in range(place.spec.printers))
    seen += [(key, "printer", minus(powered, lan_lost)) for key in printers]
    if place.spec.router:
        seen.append((device_key(place.code, "router"), "router", minus(always, place.router_out)))
    visible = [minus(here, pc.lan_lost) for _, _, here in seen]
    blind = minus(always, union(*visible))  # nobody answers: that tells of our own cable, not of theirs
    for (key, kind, _), here in zip(seen, visible, strict=True):
        held = union(here, (span for span in blind if covers(here, span[0] - 1)))
        peer_alone = minus(pc.runs(), duty) if pc.role == "standby" and key == place.pcs[0].agent else ()
        for start, end in union(duty, peer_alone):
            yield from _one_neighbour(_life(pc, start), key, kind, edges(held, start + _ROUND_MS, end), chance)


def _one_neighbour(
    life: Life, key: str, kind: str, turns: tuple[tuple[int, bool], ...], chance: Random
) -> Iterator[SaidEvent]:
    said: str | None = None
    for number, (moment, is_here) in enumerate(turns):
        word = "here" if is_here else "gone"
        true_at = moment + round(chance.random() * _ROUND_MS)
        made = true_at + (_HERE_MS if is_here else _GONE_MS)
        after = turns[number + 1][0] if number + 1 < len(turns) else life.end
        if word == said or made >= after or (said is None and not is_here):
            continue  # who was never seen is no neighbour; who is back before it is missed was never gone
        yield SaidEvent(
            made, true_at, life, "lan.neighbour", {"neighbour": key, "kind": kind, "state": word, "was": said}
        )
        said = word


def _printers(pc: Pc, place: Place, duty: Spans, horizon: int, chance: Random) -> Iterator[SaidEvent]:
    dark = union(place.truth.dark, place.truth.router_off)
    unreachable = union(dark, (span for span, share in place.truth.lan_down if takes_devices(share)))
    for number in range(place.spec.printers):
        asset = f"printer{number + 1}"
        troubles = place.truth.assets.get(asset, ())
        phase = round(chance.random() * _POLL_MS)
        turns = sorted({moment for span in (*unreachable, *(one.span for one in troubles)) for moment in span})
        for start, end in duty:
            life = _life(pc, start)
            said: tuple[str, set[str]] | None = None
            for moment in (start, *(one for one in turns if start < one < end)):
                polled = moment + (phase - moment) % _POLL_MS + 1000
                if polled >= min(end, horizon):
                    continue
                words = {one.fault.word or "jam" for one in troubles if one.span[0] <= polled < one.span[1]}
                state = _printer_state(words, is_silent=_covers(unreachable, polled))
                if said == (state, words):
                    continue
                was = said[0] if said is not None else None
                attributes = {
                    "device": device_key(place.code, asset),
                    "state": state,
                    "reasons": ",".join(sorted(words)),
                }
                yield SaidEvent(polled, polled, life, "device.state", {**attributes, "was": was})
                said = (state, words)


def _printer_state(words: set[str], *, is_silent: bool) -> str:
    if is_silent:
        return "unreachable"
    states = {_PRINTER_STATES.get(word, "blocked") for word in words}
    return "blocked" if "blocked" in states else "warning" if states else "ok"


def _life(pc: Pc, at: int) -> Life:
    return pc.lives[bisect_right([life.start for life in pc.lives], at) - 1]


def _covers(spans: Spans, at: int) -> bool:
    return any(start <= at < end for start, end in spans)
