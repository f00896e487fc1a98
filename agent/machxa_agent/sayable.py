"""Keep out of a reading what the wire would refuse: one bad name must not cost the readings beside it."""

from __future__ import annotations

import logging
from functools import lru_cache
from typing import Sequence, Set, Tuple

from machxa_wire import decode
from machxa_wire.encode import series_body
from machxa_wire.limits import MAX_VALUE
from machxa_wire.records import Label, Sample, Series
from machxa_wire.refusal import Refused

logger = logging.getLogger(__name__)

_KNOWN_SERIES = 2048


def sayable(samples: Sequence[Sample]) -> Tuple[Sample, ...]:
    """Return the samples that the wire takes: known names, bounded labels and values, each quantity once.

    What is left out is told in the log when it is first met (a series) and each time (a value beyond 64 bits).
    """
    kept = []
    named: Set[Tuple[str, Tuple[Label, ...]]] = set()
    for one in samples:
        key = (one.series.name, one.series.labels)
        if not _is_sayable(one.series) or key in named:
            continue
        named.add(key)
        if one.value is not None and not -MAX_VALUE <= one.value <= MAX_VALUE:
            logger.warning("a value of %s is beyond 64 bits and is not kept", one.series.name)
            one = Sample(one.series, None)  # noqa: PLW2901 - measured, but it cannot be said: not measured
        kept.append(one)
    return tuple(kept)


@lru_cache(maxsize=_KNOWN_SERIES)
def _is_sayable(series: Series) -> bool:
    try:
        decode.series_of([series_body(series)])
    except Refused as refused:
        logger.warning("series %r is left out of readings: %s", series.name, refused)
        return False
    return True
