"""Check a samples payload at the speed of a busy province.

It accepts only what ``machxa_wire.decode`` accepts, which a differential test holds; whatever it
does not accept goes the wire's own way, which names the reason.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from machxa_wire import decode, limits
from machxa_wire.refusal import Refused

_MOST = 2**52  # MAX_TIMES differences of this size cannot leave the 64 bits the wire allows
_Step = Annotated[int, msgspec.Meta(ge=-_MOST, le=_MOST)]
_Seconds = Annotated[int, msgspec.Meta(ge=0, le=limits.MAX_AT_SECONDS)]
_KNOWN_HEADERS = 4096
_KNOWN_HEADER_BYTES = 8192  # an ordinary PC's has 3,000; what is remembered stays under 32 MB, whoever names series


class Batch(msgspec.Struct, gc=False):
    """Hold a checked samples record, its values still as differences."""

    v: Literal[1]
    kind: Literal["samples"]
    stream: Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{16}\Z")]
    seq: Annotated[int, msgspec.Meta(ge=1, le=limits.MAX_SEQ)]
    boot: Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-z.-]{1,40}\Z")]
    time: Annotated[int, msgspec.Meta(ge=limits.MIN_TIME_MS, le=limits.MAX_TIME_MS)]
    mono: Annotated[int, msgspec.Meta(ge=0, le=limits.MAX_TIME_MS)]
    at: Annotated[list[_Seconds], msgspec.Meta(min_length=1, max_length=limits.MAX_TIMES)]
    series: msgspec.Raw
    values: Annotated[list[list[_Step | None]], msgspec.Meta(min_length=1, max_length=limits.MAX_SERIES)]


class FastReader:
    """Read samples, remembering the series headers it has already checked (an agent repeats its own)."""

    def __init__(self) -> None:
        self._decoder = msgspec.json.Decoder(Batch)
        self._headers: dict[bytes, int] = {}

    def read(self, text: bytes) -> Batch | None:
        """Return a checked batch from JSON text, None when the wire must decide."""
        try:
            batch = self._decoder.decode(text)
        except (msgspec.DecodeError, RecursionError):
            return None
        times = len(batch.at)
        lengths = set(map(len, batch.values))
        if min(lengths) < 1 or max(lengths) > times or times * len(batch.values) > limits.MAX_VALUES:
            return None
        if times > 1 and any(later < earlier for earlier, later in zip(batch.at, batch.at[1:], strict=False)):
            return None
        header = bytes(batch.series)
        if self._headers.get(header) != len(batch.values) and self._check(header) != len(batch.values):
            return None
        return batch

    @property
    def remembered(self) -> int:
        """Return how many headers are known."""
        return len(self._headers)

    def _check(self, header: bytes) -> int:
        """Return the number of series in a header, 0 when the wire must refuse it."""
        try:
            count = len(decode.series_of(msgspec.json.decode(header)))
        except (Refused, msgspec.DecodeError, RecursionError):
            return 0
        if len(header) <= _KNOWN_HEADER_BYTES:
            if len(self._headers) >= _KNOWN_HEADERS:
                del self._headers[next(iter(self._headers))]
            self._headers[header] = count
        return count
