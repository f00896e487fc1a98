"""Measure what pages cost the server: ``machxa bench pages [--size province|nation] [--rounds N] [--json]``.

Made-up communes, devices and troubles are put into a store of its own; each page is asked for by one viewer, one
request after another, without a network. p50 and p95 by the clock and of the processor: the clock of a busy machine
tells of its other work too, so that the aims are held against the processor's time. "first" is the first answer of a
server that has just started, its first board apart. The board behind the duty desk is made aside, and measured alone.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from machxa_collector import memory
from machxa_collector.api.deps import Deps
from machxa_collector.measuring import one_server
from machxa_collector.measuring.one_server import Answered
from machxa_collector.registry.units import Kind, Unit, bundled_units
from machxa_collector.store import sample_duty, seed, terms
from machxa_collector.store.engine import open_store

HOME = "86"
NOW_MS = int(datetime(2026, 11, 26, 3, tzinfo=UTC).timestamp() * 1000)  # a Thursday, ten o'clock
DEVICES: Mapping[str, int] = {"province": 3_000, "nation": 83_000}
DESK = "duty desk"
AIMS_MS: Mapping[str, Mapping[str, float]] = {  # of the 95th percentile
    "province": {"duty desk, first": 150, DESK: 150},
    "nation": {"duty desk, first": 400, DESK: 400, "duty desk, all provinces": 400},
}
_ROUNDS = 20
_PLAN_SECONDS = 600.0
_DOSSIERS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Hold what one page costs; not_fitting: answers of another status than 200 (304 where nothing changed)."""

    wall_p50_ms: float
    wall_p95_ms: float
    cpu_p50_ms: float
    cpu_p95_ms: float
    queries: int
    sent_bytes: int
    not_fitting: int = 0


def main(arguments: list[str]) -> int:
    """Measure and print; return 1 when a page with an aim takes more of the processor, or answers otherwise."""
    parser = argparse.ArgumentParser(
        prog="machxa bench pages", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--size", choices=tuple(DEVICES), help="one of the two alone (default: both)")
    parser.add_argument("--rounds", type=int, default=_ROUNDS, help="answers of each page (default %(default)s)")
    parser.add_argument("--devices", type=int, help="so many instead of 3,000 and 83,000")
    parser.add_argument("--dossiers", type=int, default=_DOSSIERS, help="to look for one among (default %(default)s)")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    found = {}
    for size in (options.size,) if options.size else DEVICES:
        with tempfile.TemporaryDirectory(prefix="machxa-bench-") as made:
            devices = options.devices or DEVICES[size]
            found[size] = measure(Path(made), size, devices, max(2, options.rounds), options.dossiers)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    if options.json:
        pages = {size: {page: asdict(one) for page, one in its.items()} for size, its in found.items()}
        sys.stdout.write(json.dumps({"load": load, "pages": pages, "nation_to_province": _ratios(found)}) + "\n")
    else:
        sys.stdout.write("".join(_lines(found, load)))
    return int(any(_is_over(size, page, one) for size, its in found.items() for page, one in its.items()))


def measure(folder: Path, size: str, devices: int, rounds: int, dossiers: int = 0) -> dict[str, Cost]:
    """Return what each page costs at a size."""
    store = open_store(folder / "machxa.db")
    seed.seed(store, HOME, "bench", NOW_MS)
    communes = [one for one in bundled_units() if one.kind is Kind.COMMUNE and one.valid_to is None]
    units = [one for one in communes if size == "nation" or one.parent == HOME]
    sample_duty.fill(store, units, devices, NOW_MS, Random(1))  # noqa: S311 - chance, not a secret
    sample_duty.fill_dossiers(store, units, dossiers, NOW_MS)
    terms.renew_all(store)
    try:
        return asyncio.run(costs(one_server.deps_of(store, lambda: NOW_MS), size, units, rounds))
    finally:
        store.dispose()


async def costs(deps: Deps, size: str, units: Sequence[Unit], rounds: int) -> dict[str, Cost]:
    """Return what each page costs over a store that is filled."""
    store = deps.store
    board = _aside(deps.duty.board)
    deps.duty.shown_while_kept()
    plan = _aside(lambda: deps.plans.shown("", None, _PLAN_SECONDS))
    app = one_server.app_of(deps)
    memory.settle()  # as a running collector does when its first board stands
    first = await one_server.ask(app, store, "/")
    live = await one_server.ask(app, store, "/desk/live")
    home = next(one for one in units if one.parent == HOME)
    asset = sample_duty.device_of(store, home.code)
    asked: dict[str, tuple[str, Mapping[str, str], int]] = {
        DESK: ("/", {}, 200),
        "duty desk, nothing new": ("/desk/live", {"if-none-match": live.headers["etag"]}, 304),
        "duty desk, its update": ("/desk/live", {}, 200),
        **({"duty desk, all provinces": ("/?province=all", {}, 200)} if size == "nation" else {}),
        "communes": ("/communes", {}, 200),
        "a commune": (f"/communes/{home.code}", {}, 200),
        "devices": ("/assets", {}, 200),
        "a device": (f"/assets/{asset}", {}, 200),
        "incidents": ("/incidents", {}, 200),
        "purchase plan": ("/finance", {}, 200),
        "search: a frequent word": ("/search?q=dell+optiplex", {}, 200),
        "search: a serial": ("/search?q=sn-0000012", {}, 303),
        "search: a commune": ("/search?q=tan", {}, 200),
        "search: a dossier": ("/search?q=H61-0000000001", {}, 303),
    }
    found = {"duty desk, first": _cost([first], 200)}
    for page, (address, headers, status) in asked.items():
        await one_server.ask(app, store, address, headers)  # what is made once is there
        found[page] = _cost([await one_server.ask(app, store, address, headers) for _ in range(rounds)], status)
    again = _aside(deps.duty.again)
    return {**found, "(first board, aside)": board, "(board made anew, aside)": again, "(plan, aside)": plan}


def _aside(work: Callable[[], object]) -> Cost:
    """Return what a piece of work costs that nobody waits for."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    cpu_ms, wall_ms = (
        round((now - then) * 1000, 1) for now, then in ((time.process_time(), cpu), (time.perf_counter(), wall))
    )
    return Cost(wall_p50_ms=wall_ms, wall_p95_ms=wall_ms, cpu_p50_ms=cpu_ms, cpu_p95_ms=cpu_ms, queries=0, sent_bytes=0)


def _cost(answers: list[Answered], status: int) -> Cost:
    wall, cpu = (sorted(getattr(one, name) for one in answers) for name in ("wall_ms", "cpu_ms"))
    return Cost(
        wall_p50_ms=_quantile(wall, 0.5),
        wall_p95_ms=_quantile(wall, 0.95),
        cpu_p50_ms=_quantile(cpu, 0.5),
        cpu_p95_ms=_quantile(cpu, 0.95),
        queries=max(one.queries for one in answers),
        sent_bytes=max(one.sent_bytes for one in answers),
        not_fitting=sum(one.status != status for one in answers),
    )


def _quantile(values: list[float], share: float) -> float:
    """Return a percentile of sorted values by the nearest rank."""
    return round(values[min(len(values) - 1, max(0, -int(-share * len(values) // 1) - 1))], 1)


def _ratios(found: Mapping[str, Mapping[str, Cost]]) -> dict[str, float]:
    """Return how many times as much of the processor a page takes with the nation as with one province."""
    small, large = found.get("province", {}), found.get("nation", {})
    return {
        page: round(large[page].cpu_p50_ms / one.cpu_p50_ms, 1)
        for page, one in small.items()
        if page in large and one.cpu_p50_ms
    }


def _is_over(size: str, page: str, one: Cost) -> bool:
    aim = AIMS_MS[size].get(page)
    return one.not_fitting > 0 or (aim is not None and one.cpu_p95_ms > aim)


def _lines(found: Mapping[str, Mapping[str, Cost]], load: float | None) -> list[str]:
    ratios = _ratios(found)
    lines = [f"load of this machine, 1 minute: {load:.1f}\n"] if load is not None else []
    head = f"{'ms':29}{'clock p50':>10}{'p95':>8}{'processor p50':>15}{'p95':>8}{'queries':>9}{'bytes':>8}  aim, p95\n"
    for size, its in found.items():
        lines += [f"\n{size}\n", head]
        for page, one in its.items():
            aim = AIMS_MS[size].get(page)
            more = f"  {aim:.0f}" if aim is not None else ""
            more += f"  {ratios[page]} times the province's" if size == "nation" and page in ratios else ""
            more += f"  {one.not_fitting} unexpected answers" if one.not_fitting else ""
            lines.append(
                f"{page:29}{one.wall_p50_ms:10.1f}{one.wall_p95_ms:8.1f}{one.cpu_p50_ms:15.1f}{one.cpu_p95_ms:8.1f}"
                f"{one.queries:9}{one.sent_bytes:8}{more}\n"
            )
    return lines
