"""Take single fields out of a hostile JSON object, each within its bounds or refused with its reason."""

from __future__ import annotations

import re
from typing import Dict, List, Mapping, Optional, Pattern

from machxa_wire.limits import MAX_DEPTH, MAX_KEYS, MAX_NODES, MAX_STRING
from machxa_wire.records import Scalar
from machxa_wire.refusal import Reason, Refused

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*", re.ASCII)
STREAM = re.compile(r"[0-9a-f]{16}", re.ASCII)
DIGEST = re.compile(r"[0-9a-f]{32}", re.ASCII)
BOOT = re.compile(r"[0-9a-z.-]{1,40}", re.ASCII)
DEVICE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}", re.ASCII)  # the key a gateway knows a device by
WORD = re.compile(r"[a-z][a-z0-9_-]{0,39}", re.ASCII)
IPV4 = re.compile(r"([0-9]{1,3}\.){3}[0-9]{1,3}", re.ASCII)
MAX_NAME = 100


def text(value: object, field: str, most: int = MAX_STRING) -> str:
    """Return a string of at most ``most`` characters, free of control characters and lone surrogates."""
    if not isinstance(value, str):
        raise Refused(Reason.FIELD, f"{field} is {kind_of(value)}, expected a string")
    if len(value) > most:
        raise Refused(Reason.TEXT, f"{field} has {len(value)} characters, at most {most}")
    if _CONTROL.search(value):
        raise Refused(Reason.TEXT, f"{field} holds control characters or lone surrogates")
    return value


def matching(value: object, pattern: Pattern[str], field: str, most: int = MAX_NAME) -> str:
    """Return a string that the whole pattern fits."""
    found = text(value, field, most)
    if pattern.fullmatch(found) is None:
        raise Refused(Reason.FIELD, f"{field} is {found!r}, expected {pattern.pattern}")
    return found


def integer(value: object, field: str, least: int, most: int) -> int:
    """Return a whole number within bounds; JSON's true and 1.0 are none."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise Refused(Reason.FIELD, f"{field} is {kind_of(value)}, expected a whole number")
    if not least <= value <= most:
        raise Refused(Reason.RANGE, f"{field} is outside {least} to {most}")
    return value


def array(value: object, field: str, most: int) -> List[object]:
    """Return a JSON array of at most ``most`` entries."""
    if not isinstance(value, list):
        raise Refused(Reason.FIELD, f"{field} is {kind_of(value)}, expected an array")
    if len(value) > most:
        raise Refused(Reason.COUNT, f"{field} has {len(value)} entries, at most {most}")
    return value


def mapping(value: object, field: str, most: int = MAX_KEYS) -> Dict[str, object]:
    """Return a JSON object of at most ``most`` keys."""
    if not isinstance(value, dict):
        raise Refused(Reason.FIELD, f"{field} is {kind_of(value)}, expected an object")
    if len(value) > most:
        raise Refused(Reason.COUNT, f"{field} has {len(value)} keys, at most {most}")
    return value


def scalars(value: object, field: str) -> Mapping[str, Scalar]:
    """Return a flat object of named scalars."""
    flat: Dict[str, Scalar] = {}
    for key, one in mapping(value, field).items():
        name = matching(key, NAME, field + " key")
        if isinstance(one, str):
            flat[name] = text(one, field + "." + name)
        elif one is None or isinstance(one, (bool, float)):
            flat[name] = one
        else:
            flat[name] = integer(one, field + "." + name, -(2**63), 2**63 - 1)
    return flat


def tree(value: object, field: str) -> Mapping[str, object]:
    """Return a nested object whose depth, size, numbers and strings are within bounds."""
    whole = mapping(value, field)
    pending: List[tuple[object, int]] = [(whole, 1)]
    nodes = 0
    while pending:
        node, depth = pending.pop()
        nodes += 1
        if nodes > MAX_NODES:
            raise Refused(Reason.COUNT, f"{field} holds more than {MAX_NODES} values")
        if depth > MAX_DEPTH:
            raise Refused(Reason.DEPTH, f"{field} is nested deeper than {MAX_DEPTH}")
        if isinstance(node, str):
            text(node, field)
        elif isinstance(node, list):
            pending.extend((one, depth + 1) for one in node)
        elif isinstance(node, dict):
            for key in node:
                text(key, field + " key", MAX_NAME)
            pending.extend((one, depth + 1) for one in node.values())
        elif isinstance(node, int) and not isinstance(node, bool):
            integer(node, field, -(2**63), 2**63 - 1)
    return whole


def optional_integer(body: Mapping[str, object], field: str, least: int, most: int) -> Optional[int]:
    """Return a whole number, None when the field is absent."""
    return integer(body[field], field, least, most) if field in body else None


def kind_of(value: object) -> str:
    """Return a JSON value's kind in a word, never the value itself."""
    return "missing" if value is None else type(value).__name__
