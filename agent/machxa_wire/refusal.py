"""Name every reason for which a payload is refused."""

from __future__ import annotations

from enum import Enum


class Reason(str, Enum):
    """Tell why a payload was refused; the value is the code seen in /metrics and the API."""

    TOO_LARGE = "too_large"  # more bytes than MAX_PAYLOAD_BYTES
    INFLATE = "inflate"  # not whole, valid zlib
    INFLATE_RATIO = "inflate_ratio"  # inflates beyond MAX_TEXT_BYTES or MAX_RATIO
    DICTIONARY = "dictionary"  # names a preset dictionary we do not have
    JSON = "json"  # not UTF-8 JSON, or not an object
    DEPTH = "depth"  # nested deeper than MAX_DEPTH
    TEXT = "text"  # a string too long, with control characters or lone surrogates
    VERSION = "version"  # a wire version we do not speak
    KIND = "kind"  # no such kind of record
    FIELD = "field"  # a field is missing or of another type
    RANGE = "range"  # a number outside its bounds
    COUNT = "count"  # more series, samples, values or keys than allowed
    TOPIC = "topic"  # not a topic of ours, or not one an agent writes
    AGENT = "agent"  # no such agent enrolled
    MAC = "mac"  # no MAC, or one that does not fit topic and payload
    UNSEQUENCED = "unsequenced"  # a record without stream and seq from an agent that must number them
    RETAINED = "retained"  # the retain flag where none belongs
    BASE = "base"  # a difference of facts whose base is not here, or that makes another body than it says
    STREAMS = "streams"  # one more stream, or more holes in one, than an agent may have: enrol it anew
    INTERNAL = "internal"  # our own defect: the record is set aside, nothing is lost in silence


class Refused(ValueError):
    """Say that a payload is refused and why; the caller sets it aside, counts it and goes on."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason.value}: {detail}")
        self.reason = reason
        self.detail = detail
