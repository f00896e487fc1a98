"""Describe every record as JSON Schema 2020-12, from the same limits the decoder holds."""

from __future__ import annotations

from typing import Dict, List

from machxa_wire import catalogue, downward, fields, limits, policy, roles

Schema = Dict[str, object]


def record_schema() -> Schema:
    """Return the schema of any record an agent sends."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Mạch Xã record, wire version 1",
        "oneOf": [{"$ref": "#/$defs/" + kind} for kind in _KINDS],
        "$defs": {**_KINDS, "batch": _batch(), "series": _series(), "column": _column()},
    }


def ack_schema() -> Schema:
    """Return the schema of an acknowledgement."""
    return _object(
        {
            "stream": _string(fields.STREAM.pattern),
            "upto": _whole(0),
            "need": _whole(1),
            "time": _time(),
            "whole": {"description": "the facts are asked for in whole", "type": "boolean"},
            "hello": {**_string(fields.BOOT.pattern), "description": "a hello of this boot is asked for"},
        },
        ["stream", "upto"],
    )


def settings_schema() -> Schema:
    """Return the schema of the retained settings."""
    return _object(
        {
            "v": {"const": limits.WIRE_VERSION},
            "version": _whole(1),
            "sample_seconds": _whole(downward.MIN_SAMPLE_SECONDS, downward.MAX_SAMPLE_SECONDS),
            "batch_seconds": _whole(downward.MIN_SAMPLE_SECONDS, downward.MAX_BATCH_SECONDS),
        },
        ["version", "sample_seconds", "batch_seconds"],
    )


def signed_policy_schema() -> Schema:
    """Return the schema of a retained, signed policy: policy is the text that is signed."""
    return _object(
        {
            "v": {"const": limits.WIRE_VERSION},
            "policy": {"type": "string", "maxLength": policy.MAX_TEXT},
            "key": _base64(policy.KEY_BYTES),
            "signature": _base64(policy.SIGNATURE_BYTES),
        },
        ["policy", "key", "signature"],
    )


def policy_schema() -> Schema:
    """Return the schema of the text of a policy."""
    sample = _whole(downward.MIN_SAMPLE_SECONDS, downward.MAX_SAMPLE_SECONDS)
    batch = _whole(downward.MIN_SAMPLE_SECONDS, downward.MAX_BATCH_SECONDS)
    return _object(
        {
            "v": {"const": limits.WIRE_VERSION},
            "version": _whole(1),
            "hosts": _names(policy.HOST.pattern, policy.MAX_HOSTS),
            "checks": _names(fields.WORD.pattern, policy.MAX_CHECKS),
            "bounds": _object(
                {
                    "sample_seconds": _pair(sample),
                    "batch_seconds": _pair(batch),
                    "cpu_seconds_per_hour": _pair(_whole(*policy.CPU_SECONDS_PER_HOUR)),
                    "memory_mb": _pair(_whole(*policy.MEMORY_MB)),
                    "mb_per_day": _pair(_whole(*policy.MB_PER_DAY)),
                },
                [],
            ),
            "next_key": _base64(policy.KEY_BYTES),
            "catalogue": {"type": "array", "maxItems": catalogue.MAX_CATALOGUE, "items": _check()},
        },
        ["version"],
    )


def _check() -> Schema:
    word = _string(fields.WORD.pattern)
    return _object(
        {
            "id": word,
            "system": word,
            "kind": word,
            "host": {**_string(catalogue.CHECK_HOST.pattern), "maxLength": 253},
            "port": _whole(1, 65535),
            "path": {**_string(catalogue.PATH.pattern), "maxLength": catalogue.MAX_PATH},
            "keyword": {"type": "string", "minLength": 1, "maxLength": catalogue.MAX_KEYWORD},
            "tls": {"enum": list(catalogue.TLS)},
            "status": _whole(0, 599),
            "every": _whole(catalogue.MIN_SECONDS, catalogue.MAX_SECONDS),
            "on": {"enum": list(catalogue.ON)},
        },
        ["id", "system", "kind", "host"],
    )


def presence_schema() -> Schema:
    """Return the schema of an agent's presence and will."""
    return _object(
        {
            "v": {"const": limits.WIRE_VERSION},
            "state": {"enum": ["on", "off", "lost"]},
            "boot": _boot(),
            "role": _string(fields.WORD.pattern),
        },
        ["state", "boot"],
    )


def role_schema() -> Schema:
    """Return the schema of a retained order of a role; a neighbour is key, kind and private IPv4 address."""
    return _object(
        {
            "v": {"const": limits.WIRE_VERSION},
            "version": _whole(1),
            "role": {"enum": list(roles.ROLES)},
            "on_duty": {"type": "boolean"},
            "peer": _string(fields.IPV4.pattern),
            "neighbours": {
                "type": "array",
                "maxItems": roles.MOST_NEIGHBOURS,
                "items": {"type": "array", "items": {"type": "string"}, "minItems": 3, "maxItems": 3},
            },
        },
        ["version", "role"],
    )


def centre_schema() -> Schema:
    """Return the schema of the centre's presence."""
    return _object(
        {
            "up": {"type": "boolean"},
            "instance": {"type": "string", "maxLength": fields.MAX_NAME},
            "spread_seconds": _whole(0, 3600),
        },
        ["up", "instance", "spread_seconds"],
    )


def _object(properties: Schema, required: List[str]) -> Schema:
    """Return an object's schema; fields of a later release are allowed."""
    return {"type": "object", "properties": properties, "required": required}


def _whole(least: int, most: int = limits.MAX_SEQ) -> Schema:
    return {"type": "integer", "minimum": least, "maximum": most}


def _string(pattern: str) -> Schema:
    return {"type": "string", "pattern": "^(?:" + pattern + ")$"}


def _time() -> Schema:
    return {"type": "integer", "description": "milliseconds since 1970 UTC"}


def _boot() -> Schema:
    return _string(fields.BOOT.pattern)


def _digest() -> Schema:
    return {
        **_string(fields.DIGEST.pattern),
        "description": "facts are a JSON Merge Patch to the body base, making digest",
    }


def _stamp() -> Schema:
    return {"boot": _boot(), "time": _time(), "mono": _whole(0, limits.MAX_TIME_MS)}


def _record(kind: str, more: Schema, required: List[str], *, placed: bool = True) -> Schema:
    properties: Schema = {"v": {"const": limits.WIRE_VERSION}, "kind": {"const": kind}}
    properties.update({"stream": _string(fields.STREAM.pattern), "seq": _whole(1)})
    properties.update(_stamp())
    properties.update(more)
    place = ["stream", "seq"] if placed else []
    return _object(properties, ["v", "kind", *place, "boot", "time", "mono", *required])


def _series() -> Schema:
    labels = {
        "type": "object",
        "maxProperties": limits.MAX_LABELS,
        "propertyNames": _string(fields.NAME.pattern),
        "additionalProperties": {"type": "string", "maxLength": limits.MAX_LABEL},
    }
    factor = _whole(1, limits.MAX_FACTOR)
    return {
        "description": "name, labels, multiplier, divisor: a value v means v * multiplier / divisor",
        "type": "array",
        "prefixItems": [_string(fields.NAME.pattern), labels, factor, factor],
        "minItems": 1,
        "maxItems": 4,
    }


def _column() -> Schema:
    return {
        "description": "the first value, then differences; null is not measured; a missing tail repeats the last state",
        "type": "array",
        "items": {"type": ["integer", "null"]},
        "minItems": 1,
        "maxItems": limits.MAX_TIMES,
    }


def _batch() -> Schema:
    return _object(
        {
            "at": {
                "description": "whole seconds from the stamp, not decreasing",
                "type": "array",
                "items": _whole(0, limits.MAX_AT_SECONDS),
                "minItems": 1,
                "maxItems": limits.MAX_TIMES,
            },
            "series": _many("series"),
            "values": _many("column"),
        },
        ["at", "series", "values"],
    )


def _many(name: str) -> Schema:
    items = {"$ref": "#/$defs/" + name}
    return {"type": "array", "items": items, "minItems": 1, "maxItems": limits.MAX_SERIES}


def _hello() -> Schema:
    counts: Schema = {"high": _whole(0), "waiting_records": _whole(0), "waiting_bytes": _whole(0)}
    more = {
        "role": _string(fields.WORD.pattern),
        "versions": {"type": "object", "additionalProperties": {"type": "string"}},
        "dropped": _whole(0),
        "fault": {"type": "string", "maxLength": limits.MAX_LABEL},
        "path": _string(fields.WORD.pattern),
        "lan": _string(fields.IPV4.pattern),
        "newest": {"allOf": [_object(_stamp(), list(_stamp())), {"$ref": "#/$defs/batch"}]},
    }
    return _record("hello", {**counts, **more}, ["stream", *counts, "role"], placed=False)


_FLAT = {"type": "object", "maxProperties": limits.MAX_KEYS, "propertyNames": _string(fields.NAME.pattern)}
_REASON: Schema = {"reason": _string(fields.WORD.pattern)}
_KINDS: Schema = {
    "samples": {"allOf": [_record("samples", {}, [], placed=False), {"$ref": "#/$defs/batch"}]},
    "facts": _record("facts", {"facts": {"type": "object"}, "base": _digest(), "digest": _digest()}, ["facts"]),
    "device": _record(
        "device", {"device": _string(fields.DEVICE.pattern), "facts": {"type": "object"}}, ["device", "facts"]
    ),
    "event": _record("event", {"name": _string(fields.NAME.pattern), "attributes": _FLAT}, ["name"]),
    "gap": _record(
        "gap",
        {"of": _string(fields.STREAM.pattern), "first": _whole(1), "last": _whole(1), "count": _whole(0), **_REASON},
        ["of", "first", "last", "reason"],
    ),
    "bye": _record("bye", _REASON, ["reason"]),
    "hello": _hello(),
}


def _base64(length: int) -> Schema:
    characters = -(-length * 4 // 3)
    return _string("[A-Za-z0-9_-]{" + str(characters) + "}")


def _names(pattern: str, most: int) -> Schema:
    return {"type": "array", "maxItems": most, "items": _string("(" + pattern + ")")}


def _pair(bound: Schema) -> Schema:
    return {"type": "array", "minItems": 2, "maxItems": 2, "items": bound}
