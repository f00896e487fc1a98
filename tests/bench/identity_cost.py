"""Measure what identity costs the intake: one inventory among 50,000 known devices, and what a search of them costs.

``python -m tests.bench.identity_cost [--devices 50000]`` prints one JSON line; times are milliseconds, medians.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sqlalchemy import Connection, Engine, insert

from machxa_collector.registry.identity import marks
from machxa_collector.store import identity, tables
from machxa_collector.store.asset_list import Wanted, list_assets
from machxa_collector.store.engine import open_store
from tests.collector.registry.identity.hardware import Computer, Factory, Install

NOW_MS = 1_790_000_000_000
ROUNDS = 200
_AT_ONCE = 5_000


def main(arguments: list[str] | None = None) -> int:
    """Fill a store, measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.identity_cost", description=__doc__)
    parser.add_argument("--devices", type=int, default=50_000)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        engine = open_store(Path(folder) / "machxa.db")
        sys.stdout.write(json.dumps(measure(engine, options.devices)) + "\n")
        engine.dispose()
    return 0


def measure(engine: Engine, count: int) -> dict[str, object]:
    """Return the figures."""
    rng = random.Random(7)
    factory = Factory(rng)
    computers = _computers(factory, count)
    _fill(engine, rng, computers)
    asked = rng.sample(range(count), ROUNDS)
    with engine.begin() as connection:
        unchanged = _timed(lambda n: _observe(connection, n + 1, computers[n].body(rng), NOW_MS + 1), asked)
        fresh = _timed(
            lambda n: _observe(connection, count + 1 + n, factory_body(factory, rng), NOW_MS + 2), range(ROUNDS)
        )
        again = [_anew(connection, factory, computers[n]) for n in asked]
        returned = _timed(
            lambda n: _observe(connection, again[n], computers[asked[n]].body(rng), NOW_MS + 3_600_003), range(ROUNDS)
        )
    rare = _timed(lambda _n: list_assets(engine, "", 100, wanted=Wanted(text="không có máy này")), range(3))
    frequent = _timed(lambda _n: list_assets(engine, "", 100, wanted=Wanted(text="pc")), range(20))
    return {
        "devices": count,
        "unchanged": unchanged,
        "new": fresh,
        "installed_anew": returned,
        "search_without_result": rare,
        "search_first_page": frequent,
        "list_page": _timed(lambda _n: list_assets(engine, "", 100), range(20)),
    }


def factory_body(factory: Factory, rng: random.Random) -> dict[str, object]:
    """Return the inventory of a computer never seen."""
    (computer,) = _computers(factory, 1)
    return computer.body(rng)


def _computers(factory: Factory, count: int) -> list[Computer]:
    found: list[Computer] = []
    while len(found) < count:
        found += factory.batch(min(50, count - len(found)))
    for one in found:
        one.disk.install = factory.install()
    return found


def _fill(engine: Engine, rng: random.Random, computers: Sequence[Computer]) -> None:
    known = {"kind": "computer", "created_at": NOW_MS, "origin": "agent"}
    assets = [{**known, "id": _asset(n), "name": one.name, "serial": one.serial} for n, one in enumerate(computers)]
    drafts = [{**known, "id": _asset(len(assets) + n), "name": "DRAFT", "serial": None} for n in range(ROUNDS)]
    times = {"first_at": NOW_MS, "last_at": NOW_MS}
    seen = [
        {"asset_id": _asset(n), "kind": mark.kind.value, "value": mark.value, **times}
        for n, one in enumerate(computers)
        for mark in marks(one.body(rng))
    ]
    agents = [_agent(_asset(n), NOW_MS - 1) for n in range(len(assets) + ROUNDS)]
    with engine.begin() as connection:
        for table, rows in (
            (tables.assets, [*assets, *drafts]),
            (tables.agents, agents),
            (tables.identifiers, seen),
        ):
            for at in range(0, len(rows), _AT_ONCE):
                connection.execute(insert(table), rows[at : at + _AT_ONCE])


def _anew(connection: Connection, factory: Factory, computer: Computer) -> int:
    """Install a computer anew and return the key of its new agent, on a draft of its own."""
    computer.disk.install = Install(factory.install().machine_id)
    draft = f"again-{computer.name}"
    row = {"id": draft, "kind": "computer", "name": computer.name, "created_at": NOW_MS + 3_600_000}
    connection.execute(insert(tables.assets).values(row))
    made = connection.execute(insert(tables.agents).values(_agent(draft, NOW_MS + 3_600_000))).inserted_primary_key
    assert made is not None
    return int(made[0])


def _agent(asset: str, enrolled_at: int) -> dict[str, object]:
    made = {"id": f"a-{asset}", "shard": "00", "key": b"k", "asset_id": asset, "role": "pc", "unsigned": False}
    return {**made, "enrolled_at": enrolled_at}


def _asset(number: int) -> str:
    return f"asset-{number:07d}"


def _observe(connection: Connection, agent_pk: int, body: dict[str, object], now_ms: int) -> None:
    identity.observe(connection, agent_pk, body, now_ms)


def _timed(work: Callable[[int], object], rounds: Sequence[int]) -> dict[str, float]:
    taken = []
    for one in rounds:
        begun = time.perf_counter()
        work(one)
        taken.append(1000 * (time.perf_counter() - begun))
    return {"median": round(statistics.median(taken), 2), "longest": round(max(taken), 2)}


if __name__ == "__main__":
    sys.exit(main())
