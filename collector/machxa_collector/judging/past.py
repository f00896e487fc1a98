"""Say whose samples of the past day a beginning has to hear, so that it comes to what it had come to.

Nearly all of a day are samples of computers that were well, and of them the judgement keeps the newest alone. Older
ones tell something of those that watch for others (gateway, standby, all of a unit that has neither, whoever checks
systems), of those that fell silent, of all around a gateway that did, be it one no more, and of those on which
something is open now.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Engine

from machxa_collector.incidents.fleet import Asset, Fleet
from machxa_collector.incidents.incident import Incident
from machxa_collector.incidents.site import EDGE
from machxa_collector.store import heard, watched
from machxa_wire.downward import decode_presence
from machxa_wire.records import Presence
from machxa_wire.refusal import Refused
from machxa_wire.roles import GATEWAY, STANDBY
from machxa_wire.text import inflate

RECENT_MS = 3_600_000  # every sample as new as this is heard: rules look back by 45 minutes at most
_CHECK = b'"check.state"'


def dwelt_on(store: Engine, fleet: Fleet, at_ms: int, until_ms: int, still_open: Collection[Incident]) -> set[str]:
    """Return the agents whose samples from one moment to another are all heard."""
    names = watched.names(store)
    lost: set[str] = set()
    led: set[str] = set()  # of these, who watched for its unit then
    check: set[str] = set()
    for said in heard.others(store, at_ms - heard.KEPT_MS, until_ms):
        agent = names.get(said.agent_pk)
        if agent is None:
            continue
        if not said.is_presence:
            if agent not in check and _speaks_of_checks(said.payload):
                check.add(agent)
        elif said.received_at >= at_ms and agent not in led and (told := _lost(said.payload)) is not None:
            lost.add(agent)
            if told.role in (GATEWAY, STANDBY):
                led.add(agent)
    return check | _around(fleet.assets, lost, led, still_open)


def _around(
    assets: Collection[Asset], lost: Collection[str], led_then: Collection[str], still_open: Collection[Incident]
) -> set[str]:
    named = {one.subject for one in still_open}
    led = {one.unit for one in assets if one.agent is not None and one.role in EDGE}
    cut = {one.unit for one in assets if one.agent in lost and (one.role in EDGE or one.agent in led_then)} | named
    return {
        one.agent
        for one in assets
        if one.agent is not None
        and (
            one.role in EDGE
            or one.unit not in led
            or one.unit in cut
            or one.agent in lost
            or not named.isdisjoint((one.id, one.agent))
        )
    }


def _lost(payload: bytes) -> Presence | None:
    """Return a word that an agent is lost, None for any other."""
    try:
        told = decode_presence(payload)
    except Refused:
        return None  # the driver says so of what is read for itself
    return told if told.state == "lost" else None


def _speaks_of_checks(payload: bytes) -> bool:
    try:
        return _CHECK in inflate(payload)
    except Refused:
        return False
