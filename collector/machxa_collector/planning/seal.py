"""Name a plan by the hash of what it decides, so that every file and page of it can be told from another's. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from machxa_collector.planning.ceilings import Source
from machxa_collector.planning.outcome import Outcome, Settled


def sha256_of(outcome: Outcome, lines: Sequence[Settled]) -> str:
    """Return the hash of a plan: scenario, day, what it rests on, ceilings, and each line with price, payer or reason.

    The same plan gives the same hash; who sees a part of it sees that part's.
    """
    money = outcome.ceilings
    said = {
        "scenario": outcome.name,
        "on": outcome.needs.basis.today.isoformat(),
        "stamp": outcome.stamp,
        "shared_vnd": money.shared_vnd,
        "own_vnd": dict(sorted(money.own_vnd.items())),
        **({"sources": [_source(one) for one in money.further]} if money.further else {}),
        **({} if money.minimum_per_1000 is None else {"minimum_per_1000": money.minimum_per_1000}),
        "lines": [[one.line.id, one.line.action.value, one.line.vnd, one.source, one.left_out] for one in lines],
    }
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def _source(one: Source) -> list[object]:
    allowed = (one.items and [item.value for item in one.items], one.actions and [each.value for each in one.actions])
    return [one.name, one.vnd, *(each and sorted(each) for each in (*allowed, one.units))]
