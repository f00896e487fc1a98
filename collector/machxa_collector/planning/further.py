"""Tell what more money in a shared source would buy beside what is planned. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from machxa_collector.planning.budget import Plan, own_of
from machxa_collector.planning.bundles import Choices, floor_weight_of, worth_of
from machxa_collector.planning.ceilings import Ceilings
from machxa_collector.planning.mixed import Bundle
from machxa_collector.planning.needs import Line


def further(
    units: Sequence[Choices], ceilings: Ceilings, plan: Plan, more_vnd: int, source: int = 0
) -> tuple[tuple[str, Bundle], ...]:
    """Return which units would get which bundle instead if a shared source had more; what is planned stays.

    source: which shared one, 0 the first. What a unit's own money has left pays of the new lines; others are paid by a
    further source that may and can, else by the first.
    """
    floor_weight = floor_weight_of(units)
    left = [each.vnd - paid for each, paid in zip(ceilings.shared(), plan.by_source, strict=True)]
    left[source] += more_vnd
    now = [one.bundle for one in plan.chosen]
    own = [each.less(one.own_vnd) for each, one in zip(own_of(units, ceilings), plan.chosen, strict=True)]
    more = [_more(unit, bundle, floor_weight) for unit, bundle in zip(units, now, strict=True)]
    found: dict[str, Bundle] = {}
    while True:
        gains = [
            (worth - worth_of(now[at], floor_weight), -at, bundle)
            for at, each in enumerate(more)
            for worth, bundle in each
        ]
        gains.sort(key=lambda each: each[:2], reverse=True)
        for gain, at, bundle in gains:
            if gain <= 0:
                return tuple(found.items())
            added = _added(now[-at], bundle)
            mine = own[-at].paid(added)
            after = _paid([line for line in added if line.id not in mine], left, ceilings)
            if after is not None:
                left, now[-at], found[units[-at].unit] = after, bundle, bundle
                own[-at] = own[-at].less(sum(line.vnd or 0 for line in added if line.id in mine))
                more[-at] = _more(units[-at], bundle, floor_weight)
                break
        else:
            return tuple(found.items())


def _more(unit: Choices, now: Bundle, floor_weight: float) -> list[tuple[float, Bundle]]:
    """Return the bundles that have all of one, and more, with their worth."""
    had = {line.id for line in now.lines}
    all_ = {id(one): one for one in (*unit.bundles, *unit.mixed.bundles.values())}
    more = [one for one in all_.values() if len(one.lines) > len(had) and had <= {line.id for line in one.lines}]
    return [(worth_of(one, floor_weight), one) for one in more]


def _added(now: Bundle, bundle: Bundle) -> list[Line]:
    had = {line.id for line in now.lines}
    return [line for line in bundle.lines if line.id not in had]


def _paid(lines: Iterable[Line], left: Sequence[int], ceilings: Ceilings) -> list[int] | None:
    """Return what sources have left once they paid lines, None where they cannot."""
    after = list(left)
    for line in lines:
        able = [
            at for at, each in enumerate(ceilings.further, 1) if each.may_pay(line) and after[at] >= (line.vnd or 0)
        ]
        payer = max(able, key=lambda at: after[at], default=0)
        after[payer] -= line.vnd or 0
        if after[payer] < 0:
            return None
    return after
