"""Describe the wire as an AsyncAPI 3 document."""

from __future__ import annotations

import json
from typing import Dict

from machxa_wire import limits, schema
from machxa_wire.notices import notices_schema

Node = Dict[str, object]


def document() -> str:
    """Return the AsyncAPI document as JSON text, the same for the same wire."""
    whole = {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Mạch Xã wire",
            "version": str(limits.WIRE_VERSION),
            "description": "MQTT 5. A payload is UTF-8 JSON, or zlib-deflated JSON (first byte 0x78) that may name a"
            " preset dictionary by its Adler-32. Every message but the centre's presence carries the user property"
            " `mac`: HMAC-SHA256 over topic, a zero byte and payload, 128 bits, base64url.",
        },
        "channels": {name: _channel(address, message) for name, (address, message, _) in _CHANNELS.items()},
        "operations": {
            name: {"action": action, "channel": {"$ref": "#/channels/" + name}}
            for name, (_, _, action) in _CHANNELS.items()
        },
        "components": {"messages": {name: _message(body, text) for name, (body, text) in _messages().items()}},
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _channel(address: str, message: str) -> Node:
    parameters: Node = {name: {} for name in ("shard", "agent") if "{" + name + "}" in address}
    node: Node = {"address": address, "messages": {message: {"$ref": "#/components/messages/" + message}}}
    if parameters:
        node["parameters"] = parameters
    return node


def _message(body: schema.Schema, text: str) -> Node:
    return {"summary": text, "contentType": "application/json", "payload": body}


def _messages() -> Dict[str, tuple[schema.Schema, str]]:
    return {
        "record": (schema.record_schema(), "what an agent measured, QoS 1; deleted there when the collector has it"),
        "presence": (schema.presence_schema(), "retained; the will says lost"),
        "ack": (schema.ack_schema(), "cumulative, QoS 0, sent after the collector's commit"),
        "settings": (schema.settings_schema(), "retained"),
        "policy": (schema.signed_policy_schema(), "retained; settings beyond its bounds are refused by the agent"),
        "notices": (notices_schema(), "retained; what is known now, for the report window; nothing acts on it"),
        "role": (schema.role_schema(), "retained; whether an agent watches for its unit, stands by, or neither"),
        "centre": (schema.centre_schema(), "retained; agents spread their resends over spread_seconds"),
    }


_CHANNELS = {
    "up": ("mx/1/{shard}/{agent}/up", "record", "send"),
    "presence": ("mx/1/{shard}/{agent}/presence", "presence", "send"),
    "ack": ("mx/1/{shard}/{agent}/down/ack", "ack", "receive"),
    "config": ("mx/1/{shard}/{agent}/down/config", "settings", "receive"),
    "policy": ("mx/1/{shard}/{agent}/down/policy", "policy", "receive"),
    "notice": ("mx/1/{shard}/{agent}/down/notice", "notices", "receive"),
    "role": ("mx/1/{shard}/{agent}/down/role", "role", "receive"),
    "centre": ("mx/1/centre/presence", "centre", "receive"),
}
