"""Be the simulated fleet, a process of its own: first all that is past, as fast as it is taken, then in step with time.

It reads its orders as one JSON line: scenario, secret (hex), from and at (ms). What lies between the two goes to
standard output as frames. The next line says where the broker is and how time passes.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from machxa_collector.demo import frames
from machxa_collector.demo.clock import Clock
from machxa_collector.demo.keys import key_of
from machxa_collector.demo.speech import spoken
from machxa_collector.drill.calendars import calendars_of, sessions_of
from machxa_collector.drill.fleet import communes
from machxa_collector.registry.enrolment import shard_of
from machxa_fleet.drill.reading import read_scenario
from machxa_fleet.drill.world import Heard, World
from machxa_fleet.parade import Message, Parade
from machxa_wire.encode import encode, encode_presence
from machxa_wire.mac import sign
from machxa_wire.records import Presence
from machxa_wire.topics import Address

_LEAD_SECONDS = 0.06  # real ones, that a message is under way to the collector's clock
_LONGEST_SLEEP_SECONDS = 0.25


class Voices:
    """Write what agents say as they would send it."""

    def __init__(self, secret: bytes) -> None:
        """Take the secret of which all keys are made."""
        self._secret = secret
        self._known: dict[str, tuple[Address, bytes]] = {}

    def message(self, heard: Heard) -> Message:
        """Return one message with its MAC."""
        if heard.agent not in self._known:
            self._known[heard.agent] = (Address(heard.agent, shard_of(heard.agent)), key_of(self._secret, heard.agent))
        address, key = self._known[heard.agent]
        record = heard.record
        if isinstance(record, Presence):
            payload = encode_presence(record)
            mac = sign(key, address.presence, payload)
            return Message(heard.agent, address.presence, payload, mac, retain=True)
        payload, place = encode(record), getattr(record, "place", None)
        mac = sign(key, address.up, payload)
        if place is None:
            return Message(heard.agent, address.up, payload, mac)
        return Message(heard.agent, address.up, payload, mac, stream=place.stream, seq=place.seq)


def main() -> None:
    """Take orders on standard input."""
    order: dict[str, Any] = json.loads(sys.stdin.readline())
    scenario = read_scenario(order["scenario"], communes())
    sessions = sessions_of(calendars_of(scenario.calendar, scenario.province, tuple(scenario.units)))
    voices = Voices(bytes.fromhex(order["secret"]))
    heard = spoken(World(scenario, sessions))
    coming = _past(heard, voices, order["from"], order["at"])
    told = json.loads(sys.stdin.readline() or "null")
    if told is not None:
        _live(coming, voices, told)


def _past(heard: Iterator[Heard], voices: Voices, begin: int, at: int) -> Iterator[Heard]:
    """Hand over what arrives before a moment; return what comes from it on."""
    out = sys.stdout.buffer
    for one in heard:
        if one.at >= at:
            frames.end(out)
            return _first(one, heard)
        if one.at >= begin:
            message = voices.message(one)
            frames.write(out, frames.Frame(one.at, message.topic, message.mac, message.payload))
    frames.end(out)
    return iter(())


def _first(one: Heard, rest: Iterator[Heard]) -> Iterator[Heard]:
    yield one
    yield from rest


def _live(coming: Iterator[Heard], voices: Voices, told: dict[str, Any]) -> None:
    clock = Clock(told["begin_ms"], told["speed"], zero=told["zero"])
    password = (told["user"], Path(told["password"])) if told["password"] else None
    parade = Parade(told["host"], told["port"], password)
    lead_ms = round(_LEAD_SECONDS * 1000 * clock.speed)
    try:
        for one in coming:
            while (seconds := clock.seconds_until(one.at - lead_ms)) > 0:
                time.sleep(min(seconds, _LONGEST_SLEEP_SECONDS))
            parade.send(voices.message(one))
    finally:
        parade.close()


if __name__ == "__main__":
    try:
        main()
    except (BrokenPipeError, KeyboardInterrupt):
        sys.exit(0)
