"""Read what the collector and the broker tell: acknowledgements, settings, presence."""

from __future__ import annotations

from machxa_wire import fields
from machxa_wire.limits import MAX_SEQ, MAX_TIME_MS, MIN_TIME_MS
from machxa_wire.records import Ack, CentrePresence, Presence, Settings
from machxa_wire.refusal import Reason, Refused
from machxa_wire.text import inflate, to_body

MIN_SAMPLE_SECONDS = 1
MAX_SAMPLE_SECONDS = 3600
MAX_BATCH_SECONDS = 86400
MAX_SPREAD_SECONDS = 3600


def decode_ack(payload: bytes) -> Ack:
    """Return an acknowledgement; raises Refused."""
    body = to_body(inflate(payload))
    return Ack(
        stream=fields.matching(body.get("stream"), fields.STREAM, "stream"),
        upto=fields.integer(body.get("upto"), "upto", 0, MAX_SEQ),
        need=fields.optional_integer(body, "need", 1, MAX_SEQ),
        time=fields.optional_integer(body, "time", MIN_TIME_MS, MAX_TIME_MS),
        whole=body.get("whole") is True,
        hello=fields.matching(body["hello"], fields.BOOT, "hello") if "hello" in body else None,
    )


def decode_settings(payload: bytes) -> Settings:
    """Return settings within their bounds; raises Refused, and the agent keeps its last good ones."""
    body = to_body(inflate(payload))
    sample = fields.integer(body.get("sample_seconds"), "sample_seconds", MIN_SAMPLE_SECONDS, MAX_SAMPLE_SECONDS)
    return Settings(
        version=fields.integer(body.get("version"), "version", 1, MAX_SEQ),
        sample_seconds=sample,
        batch_seconds=fields.integer(body.get("batch_seconds"), "batch_seconds", sample, MAX_BATCH_SECONDS),
    )


def decode_centre(payload: bytes) -> CentrePresence:
    """Return the centre's presence; raises Refused."""
    body = to_body(inflate(payload))
    up = body.get("up")
    if not isinstance(up, bool):
        raise Refused(Reason.FIELD, f"up is {fields.kind_of(up)}, expected true or false")
    return CentrePresence(
        up=up,
        instance=fields.text(body.get("instance"), "instance", fields.MAX_NAME),
        spread_seconds=fields.integer(body.get("spread_seconds"), "spread_seconds", 0, MAX_SPREAD_SECONDS),
    )


def decode_presence(payload: bytes) -> Presence:
    """Return an agent's presence; raises Refused."""
    body = to_body(inflate(payload))
    state = fields.matching(body.get("state"), fields.WORD, "state")
    if state not in ("on", "off", "lost"):
        raise Refused(Reason.FIELD, f"state is {state!r}, expected on, off or lost")
    return Presence(
        state=state,
        boot=fields.matching(body.get("boot"), fields.BOOT, "boot"),
        role=fields.matching(body["role"], fields.WORD, "role") if "role" in body else None,
    )
