"""Judge what was really heard: JSON lines of topic and payload, under a line that says what is watched.

The first line holds ``scenario`` (the scenario's format, with no faults) and ``assets`` (which agent id or device key
stands for which of its assets). The file is trusted: nobody's MAC is checked again.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from machxa_collector.drill.calendars import calendars_of
from machxa_collector.drill.fleet import communes, fleet_of
from machxa_collector.drill.head import without_faults
from machxa_collector.drill.play import Outcome, Span, play
from machxa_collector.drill.running import Drill
from machxa_collector.incidents.judge import Judge
from machxa_collector.incidents.rules import Rules
from machxa_fleet.drill.fields import Bad, Fields
from machxa_fleet.drill.reading import read_scenario
from machxa_fleet.drill.scenario import Scenario
from machxa_fleet.drill.truth import truth_of
from machxa_fleet.drill.world import Arrival, Blind, Heard
from machxa_wire.decode import decode
from machxa_wire.downward import decode_presence
from machxa_wire.encode import encode, encode_presence
from machxa_wire.records import Presence
from machxa_wire.refusal import Refused
from machxa_wire.topics import Address, parse_upward

_SHARD = "00"  # of a drill's agents
_MOST_LINE = 400_000  # characters: a payload of 64 KB in hex, and its topic
_LATEST_S = 4_000_000_000.0
_MOST_ASSETS = 100_000


def run(file: Path) -> tuple[Outcome, Span]:
    """Judge a recording; raises Bad with the line that is wrong, OSError when the file cannot be read."""
    with file.open(encoding="utf-8-sig") as opened:
        scenario, names = _head(opened)
        truth = truth_of(scenario)
        span = Span(truth.begin, truth.start, truth.end)
        calendars = calendars_of(scenario.calendar, scenario.province, tuple(scenario.units))
        judge = Judge(fleet_of(scenario, names), Rules(), calendars)
        return play(judge, _arrivals(opened, span), span, scenario.seed), span


def write(drill: Drill, file: Path) -> None:
    """Write what a drill's centre hears. Reports by a phone's link, which no agent carries, are left out."""
    with file.open("w", encoding="utf-8") as opened:
        opened.write(json.dumps({"scenario": without_faults(drill.scenario), "assets": {}}) + "\n")
        opened.writelines(json.dumps(line) + "\n" for line in _lines(drill.arrivals()))


def _lines(arrivals: Iterator[Arrival]) -> Iterator[dict[str, object]]:
    for one in arrivals:
        if isinstance(one, Blind):
            yield {"at": one.at / 1000, "centre_cut_since": None if one.since is None else one.since / 1000}
        elif isinstance(one, Heard):
            address = Address(one.agent, _SHARD)
            is_presence = isinstance(one.record, Presence)
            payload = encode_presence(one.record) if isinstance(one.record, Presence) else encode(one.record)
            topic = address.presence if is_presence else address.up
            yield {"at": one.at / 1000, "topic": topic, "payload": payload.hex()}


def _head(opened: IO[str]) -> tuple[Scenario, dict[str, str]]:
    fields = Fields(_object(opened.readline(4 * _MOST_LINE), 1), "line 1")
    scenario = read_scenario(fields.take("scenario"), communes())
    assets = fields.take("assets", {})
    fields.end()
    if not isinstance(assets, dict) or len(assets) > _MOST_ASSETS:
        raise Bad("line 1: assets is no object of ids and the scenario's assets")
    return scenario, {str(asset): str(real) for real, asset in assets.items()}


def _arrivals(opened: IO[str], span: Span) -> Iterator[Arrival]:
    last = span.begin
    number = 1
    while line := opened.readline(_MOST_LINE):
        number += 1
        if not line.strip():
            continue
        one = _arrival(Fields(_object(line, number), f"line {number}"))
        if one is None or one.at >= span.end:
            continue
        if one.at < last - 1000:
            raise Bad(f"line {number} is from before the line above: sort the lines by their time")
        last = max(last, one.at)
        yield one


def _arrival(fields: Fields) -> Arrival | None:
    at = round(fields.number("at", None, 0, _LATEST_S) * 1000)
    if fields.has("centre_cut_since"):
        since = fields.optional_number("centre_cut_since", None, 0, _LATEST_S)
        return Blind(at, None if since is None else round(since * 1000))
    topic = parse_upward(fields.text("topic"))
    hexes = fields.take("payload")
    if topic is None or not isinstance(hexes, str):
        return None  # of the centre, or not ours
    try:
        payload = bytes.fromhex(hexes)
        record = decode_presence(payload) if topic.channel == "presence" else decode(payload)
    except Refused as refused:
        raise Bad(f"{fields.place}: the payload is refused, {refused}") from refused
    except ValueError as exc:
        raise Bad(f"{fields.place}: payload is no hex") from exc
    return Heard(at, topic.address.agent, record)


def _object(line: str, number: int) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as exc:
        raise Bad(f"line {number} is no JSON, or longer than {_MOST_LINE} characters: {exc}") from exc
