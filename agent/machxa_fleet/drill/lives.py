"""Join habits, power and faults to the lives of one PC: when it runs, how each run ends, and in which boot. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

from machxa_fleet.drill.habits import Use
from machxa_fleet.drill.spans import Spans
from machxa_fleet.drill.truth import MINUTE, Trouble

# How a run ends, by the fault that ends it; "cut" loses everything at once.
_ENDS = {"pc_dead": "cut", "pc_off": "shutdown", "pc_lid": "lid", "pc_sleep": "sleep"}
# What the next boot finds out about the end of the last one. A sleeping PC does not boot.
_EVIDENCE = {"cut": "unexpected", "shutdown": "shutdown", "restart": "restart", "lid": "hibernate"}
_CLEAN = ("shutdown", "restart")


@dataclass(frozen=True, slots=True)
class Life:
    """Hold one run of a PC.

    boot counts boots; boot_at is when its monotonic clock stood at zero. evidence says how the run before ended, as
    the new boot found out, and ended_at when; None where nothing booted (sleep, Fast Startup, the first of all).
    """

    start: int
    end: int
    ended: str
    boot: int
    boot_at: int
    evidence: str | None
    ended_at: int | None
    woke: bool


@dataclass(frozen=True, slots=True)
class _Break:
    start: int
    end: int
    how: str


def lives(
    uses: Sequence[Use], dark: Spans, troubles: Iterable[Trouble], window: tuple[int, int], chance: Random
) -> tuple[Life, ...]:
    """Return a PC's runs that touch the window, in order; the last one's end may lie beyond it."""
    breaks = [_Break(start, end + round((0.5 + 3 * chance.random()) * MINUTE), "cut") for start, end in dark]
    breaks += [_Break(*one.span, _ENDS[one.kind]) for one in troubles if one.kind in _ENDS]
    has_fast_startup = chance.random() < 0.5  # noqa: PLR2004 - of Windows' PCs as they come
    booted = window[0] - round((1 + 20 * chance.random()) * 3_600_000)
    runs = _runs(uses, sorted(breaks, key=lambda one: (one.start, one.end)))
    whole = _in_boots((one for one in runs if one.start < window[1]), booted, fast=has_fast_startup)
    return tuple(replace(one, start=max(one.start, window[0])) for one in whole if one.end > window[0])


def _runs(uses: Sequence[Use], breaks: Sequence[_Break]) -> Iterator[Use]:
    """Yield the uses, each cut by what happens to the PC meanwhile."""
    for use in uses:
        at = use.start
        for one in breaks:
            if one.end <= at or one.start >= use.end:
                continue
            if one.start > at:
                yield Use(at, one.start, one.how)
            at = one.end
        if at < use.end:
            yield Use(at, use.end, use.how)


def _in_boots(runs: Iterable[Use], booted: int, *, fast: bool) -> Iterator[Life]:
    boot, boot_at = 1, booted
    last: Use | None = None
    for run in runs:
        evidence, woke = None, False
        if last is None:
            boot_at = min(booted, run.start)
        else:
            woke = last.how == "sleep"
            if not woke and not (fast and last.how == "shutdown"):
                boot, boot_at, evidence = boot + 1, run.start, _EVIDENCE[last.how]
        ended_at = last.end if last is not None and evidence is not None else None
        yield Life(run.start, run.end, run.how, boot, boot_at, evidence, ended_at, woke)
        last = run


def is_clean(ended: str) -> bool:
    """Tell whether a run ended with a good-bye."""
    return ended in _CLEAN
