"""Read one probe and say what came of it: samples, or why there are none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Optional, Tuple

from machxa_agent.probes.probe import Probe
from machxa_wire.records import Sample, Series

_MILLISECONDS = 1000


@dataclass(frozen=True)
class Outcome:
    """Hold what one reading came to: samples, or why there are none; seconds is None while it still hangs."""

    probe: Probe
    samples: Tuple[Sample, ...]
    seconds: Optional[float]
    error: Optional[BaseException]


class StuckError(Exception):
    """Say that a probe did not return in time."""


class NonsenseError(Exception):
    """Say that a probe returned what no probe may."""


def reading(probe: Probe, clock: Callable[[], float]) -> Outcome:
    """Return what came of reading a probe, whatever it did short of not returning."""
    started = clock()
    try:
        return Outcome(probe, _sound(probe.read()), clock() - started, None)
    except Exception as exc:  # noqa: BLE001 - the loop around this outlives every probe
        return Outcome(probe, (), clock() - started, exc)


def hanging(probe: Probe) -> Outcome:
    """Return what is to be said of a probe that is still out."""
    return Outcome(probe, (), None, StuckError("has not returned"))


def judgement(outcome: Outcome) -> Tuple[Sample, ...]:
    """Return a probe's success (1 or 0) and duration in whole milliseconds, None while it hangs."""
    labels = (("probe", outcome.probe.name),)
    milliseconds = None if outcome.seconds is None else int(outcome.seconds * _MILLISECONDS)
    return (
        Sample(Series("machxa.probe.success", labels), int(outcome.error is None)),
        Sample(Series("machxa.probe.duration", labels, 1, _MILLISECONDS), milliseconds),
    )


def _sound(returned: object) -> Tuple[Sample, ...]:
    """Return what a probe returned when it is samples of whole numbers; raises NonsenseError, which names the rest."""
    if not isinstance(returned, tuple):
        raise NonsenseError(f"returned {returned!r:.100}, expected a tuple of samples")
    for one in returned:
        if not isinstance(one, Sample):
            raise NonsenseError(f"returned {one!r:.100} among its samples")
        if one.value is not None and type(one.value) is not int:
            raise NonsenseError(f"{one.series.name} is {one.value!r:.100}, expected a whole number")
    return returned
