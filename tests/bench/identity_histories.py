"""Count wrong and missed merges over generated histories of computers, and what a vote costs.

``python -m tests.bench.identity_histories [--histories 1000] [--seed 0] [--json]``: wrong must be 0.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, create_engine

from machxa_collector.store.tables import metadata
from tests.collector.registry.identity.histories import Outcome, live


def main(arguments: list[str] | None = None) -> int:
    """Live the histories and print; the status is 1 when a merge was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.identity_histories", description=__doc__)
    parser.add_argument("--histories", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="one line of JSON")
    options = parser.parse_args(arguments)
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    begun = time.perf_counter()
    seeds = range(options.seed, options.seed + options.histories)
    outcomes = {seed: outcome(engine, seed) for seed in seeds}
    figures = summary(outcomes, time.perf_counter() - begun)
    sys.stdout.write(json.dumps(figures, indent=None if options.json else 1) + "\n")
    return 1 if figures["wrong_merges"] else 0


def outcome(engine: Engine, seed: int) -> Outcome:
    """Live one history and leave nothing of it."""
    with forgetting(engine) as connection:
        return live(connection, seed)


@contextmanager
def forgetting(engine: Engine) -> Iterator[Connection]:
    """Give a connection whose work is rolled back."""
    with engine.connect() as connection, connection.begin() as work:
        yield connection
        work.rollback()


def summary(outcomes: dict[int, Outcome], seconds: float) -> dict[str, object]:
    """Return the figures of some histories, by seed."""
    events: Counter[str] = Counter()
    for one in outcomes.values():
        events.update(one.events)
    returns = sum(one.returns for one in outcomes.values())
    missed = sum(one.missed for one in outcomes.values())
    devices = sum(one.devices for one in outcomes.values())
    inventories = sum(one.inventories for one in outcomes.values())
    return {
        "histories": len(outcomes),
        "devices": devices,
        "inventories": inventories,
        "events": dict(sorted((name.strip("_"), count) for name, count in events.items())),
        "returns": returns,
        "wrong_merges": sum(len(one.wrong) for one in outcomes.values()),
        "wrong_seeds": [seed for seed, one in outcomes.items() if one.wrong][:20],
        "missed_merges": missed,
        "missed_and_unasked": sum(one.unasked for one in outcomes.values()),
        "missed_of_devices": round(missed / devices, 5),
        "missed_of_returns": round(missed / returns, 5),
        "missed_seeds": [seed for seed, one in outcomes.items() if one.missed][:20],
        "findings_open": sum(one.asked for one in outcomes.values()),
        "milliseconds_per_inventory": round(1000 * seconds / inventories, 3),
        "seconds": round(seconds, 1),
    }


if __name__ == "__main__":
    sys.exit(main())
