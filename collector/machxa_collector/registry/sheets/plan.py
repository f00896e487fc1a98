"""Go through a file: count what would happen, or collect what to write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from machxa_collector.registry.records import Record, Value
from machxa_collector.registry.sheets.judging import Judge, Outcome, Problem
from machxa_collector.registry.sheets.rows import Row, Rows

MOST_PROBLEMS = 200
MOST_ASSUMED = 50
MOST_SAMPLE = 20
_TOLD_EVERY = 500  # rows


@dataclass(slots=True, kw_only=True)
class Tally:
    """Hold what would become of a file's rows, its first problems and rows; counts are whole, lists are cut."""

    rows: int = 0
    counts: dict[Outcome, int] = field(default_factory=lambda: dict.fromkeys(Outcome, 0))
    problems: list[Problem] = field(default_factory=list)
    assumed: list[Problem] = field(default_factory=list)
    sample: list[Row] = field(default_factory=list)
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """Hold what a row changes: the record's id, the fields that differ, and what they are now."""

    id: str
    values: Mapping[str, Value]
    before: Mapping[str, Value]


@dataclass(slots=True, kw_only=True)
class Plan:
    """Hold what to write, and the tally beside it."""

    tally: Tally = field(default_factory=Tally)
    creates: list[Record] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


def tally(rows: Rows, judge: Judge, begins_after: int, told: Callable[[int], None] | None = None) -> Tally:
    """Return what would become of the rows behind the heading; nothing of them is held but the first."""
    return _go_through(rows, judge, begins_after, told, None).tally


def plan(rows: Rows, judge: Judge, begins_after: int, told: Callable[[int], None] | None = None) -> Plan:
    """Return what the rows behind the heading come to; told hears now and then how many were read."""
    return _go_through(rows, judge, begins_after, told, Plan())


def _go_through(
    rows: Rows, judge: Judge, begins_after: int, told: Callable[[int], None] | None, collected: Plan | None
) -> Plan:
    made = Plan() if collected is None else collected
    counted = made.tally
    for row in rows:
        if row.number <= begins_after:
            continue
        verdict = judge.judge(row)
        counted.rows += verdict.outcome is not Outcome.LEFT_OUT
        counted.counts[verdict.outcome] += 1
        counted.problems.extend(verdict.problems[: MOST_PROBLEMS - len(counted.problems)])
        counted.assumed.extend(verdict.assumed[: MOST_ASSUMED - len(counted.assumed)])
        if len(counted.sample) < MOST_SAMPLE:
            counted.sample.append(row)
        if told is not None and counted.rows % _TOLD_EVERY == 0:
            told(counted.rows)
        if collected is None:
            continue
        if verdict.outcome is Outcome.NEW:
            collected.creates.append(verdict.values)
        elif verdict.outcome is Outcome.CHANGED and verdict.id is not None:
            collected.changes.append(Change(verdict.id, verdict.values, verdict.before))
    if told is not None:
        told(counted.rows)
    counted.missing = tuple(sorted(judge.lacks))
    return made
