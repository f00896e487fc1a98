"""Tell what was measured of a line under contract, and what to do about it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

MBPS = 1_000_000
VERSION = "2026-11"  # of the limits below: this product's own, to be settled by a pilot province


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Hold when a line is proposed to be changed.

    below_ratio: the median measured over the contract; share_least: of service hours in which it must work;
    tests_least: fewer tests tell nothing of it.
    """

    below_ratio: float = 0.5
    share_least: float = 0.98
    tests_least: int = 8


LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Hold what tests measured of a line, in bit/s: one test in ten was slower than p10, one in two than p50."""

    p10_bps: float | None
    p50_bps: float | None
    tests: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Hold what is proposed for a line, and why, both fixed words: keep, raise, change, backup, survey."""

    advice: str
    why: str


def speeds_of(speeds: Sequence[float | None], spent: Sequence[float | None]) -> list[float]:
    """Return one speed for each test, of hourly readings of the last one: what tests cost in all rises with each.

    Where no cost is told, a reading that differs from the one before is a test.
    """
    found: list[float] = []
    before: tuple[float | None, float | None] | None = None
    for speed, cost in zip_longest(speeds, spent):
        if speed is None:
            continue
        if before is None or (speed, cost) != before:
            found.append(speed)
        before = (speed, cost)
    return found


def measured_of(speeds: Sequence[float]) -> Measured:
    """Return the lower tenth and the middle of what tests measured (nearest rank); None without a test."""
    if not speeds:
        return Measured(p10_bps=None, p50_bps=None, tests=0)
    order = sorted(speeds)
    return Measured(p10_bps=_rank(order, 10), p50_bps=_rank(order, 50), tests=len(order))


def proposal(
    measured: Measured,
    contract_mbps: float | None,
    share: float | None,
    need_mbps: float | None = None,
    limits: Limits = LIMITS,
) -> Proposal:
    """Return what to do about a line, the first that holds: cut too often, slower than paid for, too small, unknown.

    share: of service hours in which it worked, None where nobody watched. need_mbps: F18's, None where not computed.
    """
    if share is not None and share < limits.share_least:
        return Proposal(advice="backup", why="often_cut")
    if contract_mbps is not None and measured.p50_bps is not None and measured.tests >= limits.tests_least:
        if measured.p50_bps < limits.below_ratio * contract_mbps * MBPS:
            return Proposal(advice="change", why="below_contract")
        if need_mbps is not None and need_mbps > contract_mbps:
            return Proposal(advice="raise", why="need_above")
        return Proposal(advice="keep" if share is not None else "survey", why=_word(share))
    return Proposal(advice="survey", why="no_contract" if contract_mbps is None else "not_measured")


def _word(share: float | None) -> str:
    return "in_order" if share is not None else "not_measured"


def _rank(order: Sequence[float], per_cent: int) -> float:
    return order[max(0, -(-len(order) * per_cent // 100) - 1)]
