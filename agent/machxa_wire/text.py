"""Turn payload bytes into one JSON object and back, within bounds.

A payload is UTF-8 JSON, or zlib-deflated JSON: its first byte tells (``{`` or 0x78). Deflate uses a
preset dictionary that the zlib header names by its Adler-32 (RFC 1950, FDICT).
"""

from __future__ import annotations

import json
import zlib
from typing import Dict, NoReturn

from machxa_wire import dictionary
from machxa_wire.limits import MAX_PAYLOAD_BYTES, MAX_RATIO, MAX_TEXT_BYTES
from machxa_wire.refusal import Reason, Refused

_FDICT = 0x20


def deflate(text: bytes) -> bytes:
    """Return the text as it travels: deflated with the current dictionary, or plain where that is shorter."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 15, 9, zlib.Z_DEFAULT_STRATEGY, dictionary.CURRENT)
    packed = packer.compress(text) + packer.flush()
    return packed if len(packed) < len(text) else text


def inflate(payload: bytes) -> bytes:
    """Return the JSON text of a payload; raises Refused when it is over a bound or not zlib."""
    if len(payload) > MAX_PAYLOAD_BYTES:
        raise Refused(Reason.TOO_LARGE, f"{len(payload)} bytes, at most {MAX_PAYLOAD_BYTES}")
    if payload[:1] != b"\x78":
        return payload
    preset = _preset(payload)
    unpacker = zlib.decompressobj(15, preset) if preset else zlib.decompressobj(15)
    bound = min(MAX_TEXT_BYTES, MAX_RATIO * len(payload))
    try:
        text = unpacker.decompress(payload, bound)
    except zlib.error as exc:
        raise Refused(Reason.INFLATE, str(exc)) from exc
    if unpacker.unconsumed_tail:
        raise Refused(Reason.INFLATE_RATIO, f"{len(payload)} bytes inflate beyond {bound}")
    if not unpacker.eof or unpacker.unused_data:
        raise Refused(Reason.INFLATE, "cut short or followed by other bytes")
    return text


def _preset(payload: bytes) -> bytes:
    """Return the dictionary a zlib header names, empty when it names none."""
    if not payload[1:2] or not payload[1] & _FDICT:
        return b""
    preset = dictionary.BY_ADLER.get(int.from_bytes(payload[2:6], "big"))
    if preset is None:
        raise Refused(Reason.DICTIONARY, f"unknown dictionary {payload[2:6].hex()}")
    return preset


def to_text(body: Dict[str, object]) -> bytes:
    """Return the shortest JSON text of a body."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def to_body(text: bytes) -> Dict[str, object]:
    """Return the JSON object in a text; raises Refused when it is not one."""
    try:
        body = json.loads(text.decode("utf-8"), parse_constant=_no_constant, parse_float=_finite)
    except Refused:
        raise
    except RecursionError as exc:
        raise Refused(Reason.DEPTH, "nested beyond the parser's depth") from exc
    except ValueError as exc:  # UnicodeDecodeError, JSONDecodeError, an integer of too many digits
        raise Refused(Reason.JSON, str(exc)[:200]) from exc
    if not isinstance(body, dict):
        raise Refused(Reason.JSON, f"expected an object, got {type(body).__name__}")
    return body


def _no_constant(word: str) -> NoReturn:
    raise Refused(Reason.JSON, f"{word} is no JSON number")


def _finite(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise Refused(Reason.RANGE, f"{digits:.40} is beyond every number")
    return value
