"""State what one payload may hold. Both sides count by these; a change is a change of the wire."""

from __future__ import annotations

WIRE_VERSION = 1
MAX_PAYLOAD_BYTES = 64 * 1024  # as it travels
MAX_TEXT_BYTES = 512 * 1024  # inflated
MAX_RATIO = 250  # inflated over travelling bytes; small records with the dictionary reach 60
MAX_DEPTH = 8
MAX_STRING = 4000  # characters of a fact or an attribute
MAX_LABEL = 255  # characters of a label's value
MAX_LABELS = 8
MAX_SERIES = 512
MAX_TIMES = 1440
MAX_VALUES = 16384  # series x times
MAX_KEYS = 64  # attributes of an event, versions of a hello
MAX_NODES = 20000  # values in a facts body
MAX_SEQ = 2**53 - 1
MAX_FACTOR = 10**12  # multiplier, divisor
MAX_VALUE = 2**63 - 1  # a value once its differences are added up
MAX_AT_SECONDS = 7 * 86400
MIN_TIME_MS = -(2**53)
MAX_TIME_MS = 2**53 - 1  # a record is never refused for its time, only for one no clock can say

WINDOW_RECORDS = 20  # unacknowledged at most
WINDOW_BYTES = 64 * 1024
