"""Measure how soon outages are noticed, on the simulated clock: ``machxa bench detect [--trials N] [--json]``."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from random import Random

from machxa_collector.drill.fleet import communes
from machxa_collector.drill.running import drill_of
from machxa_collector.incidents.incident import Incident
from machxa_collector.incidents.words import Cause
from machxa_fleet.drill.reading import read_scenario

_PROVINCE = "86"
_START = "2026-03-10T09:00:00+07:00"
_DARK = (Cause.POWER_OR_LINE, Cause.POWER, Cause.LINE, Cause.PROVIDER, Cause.PROVIDER_AREA)
_SYSTEM = (Cause.PROVINCIAL_SYSTEM, Cause.NATIONAL_SYSTEM)
_WARM_UP_MINUTES, _MINUTES = 12, 22
_FEW, _MANY = 10, 30  # sites that check a system

Json = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """Hold one kind of trial: seconds from the fault until it was shown; None when some trial never was."""

    what: str
    trials: int
    missed: int
    p50_seconds: float | None
    p99_seconds: float | None
    aim_seconds: float


@dataclass(frozen=True, slots=True)
class _Kind:
    what: str
    sites: int
    aim_seconds: float
    fault: Callable[[Random], Json]
    is_it: Callable[[Incident], bool]


def main(arguments: list[str]) -> int:
    """Run the trials and print their figures; return 1 when one missed its aim."""
    parser = argparse.ArgumentParser(prog="machxa bench detect", description=__doc__)
    parser.add_argument("--trials", type=int, default=100, help="of each kind (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    started = time.process_time()
    results = [measured(kind, options.trials, options.seed) for kind in _KINDS]
    spent = time.process_time() - started
    for line in _lines(results, spent, as_json=options.json):
        sys.stdout.write(line + "\n")
    return 0 if all(one.p99_seconds is not None and one.p99_seconds <= one.aim_seconds for one in results) else 1


def _lines(results: Sequence[Noticed], spent: float, *, as_json: bool) -> Iterator[str]:
    if as_json:
        yield json.dumps({"results": [asdict(one) for one in results], "cpu_seconds": round(spent, 1)})
        return
    for one in results:
        figures = f"p50 {_said(one.p50_seconds)}  p99 {_said(one.p99_seconds)}  aim {one.aim_seconds:.0f} s"
        yield f"{one.what:42} {figures}  missed {one.missed} of {one.trials}"
    yield f"{spent:.1f} s of CPU"


def measured(kind: _Kind, trials: int, seed: int) -> Noticed:
    """Return how soon one kind of fault is noticed, over trials that differ in chance and moment."""
    delays = sorted(delay for delay in (_trial(kind, seed + number) for number in range(trials)) if delay is not None)
    missed = trials - len(delays)
    return Noticed(
        what=kind.what,
        trials=trials,
        missed=missed,
        p50_seconds=_quantile(delays, 0.5, trials),
        p99_seconds=_quantile(delays, 0.99, trials),
        aim_seconds=kind.aim_seconds,
    )


def _trial(kind: _Kind, seed: int) -> float | None:
    chance = Random(seed)  # noqa: S311 - chance, not a secret
    at = 2 + 6 * chance.random()
    event = {**kind.fault(chance), "at": at}
    drill = drill_of(read_scenario(_scenario(kind.sites, seed, event), communes()))
    began = drill.span.start + at * 60_000
    noticed = [one.noticed_at for one in drill.run().incidents if kind.is_it(one)]
    return None if not noticed else (min(noticed) - began) / 1000


def _scenario(sites: int, seed: int, event: Json) -> Json:
    codes = communes()[_PROVINCE][:sites]
    return {
        "seed": seed,
        "start": _START,
        "minutes": _MINUTES,
        "warm_up_minutes": _WARM_UP_MINUTES,
        "province": _PROVINCE,
        "units": {code: {"pcs": 2, "printers": 0, "provider": _PROVIDERS[n % 3]} for n, code in enumerate(codes)},
        "systems": ["dossier", "documents"],
        "events": [event],
    }


def _dark(chance: Random) -> Json:
    unit = chance.choice(communes()[_PROVINCE][:_FEW])
    return {"fault": chance.choice(("power_cut", "line_down")), "unit": unit}


def _down(chance: Random) -> Json:
    return {"fault": chance.choice(("system_down", "system_hang")), "system": "dossier"}


def _quantile(ordered: Sequence[float], share: float, trials: int) -> float | None:
    """Return the value that a share of all trials kept within; None when too many were never noticed."""
    rank = -(-round(share * 1000) * trials // 1000) - 1
    return round(ordered[rank], 1) if rank < len(ordered) else None


def _said(seconds: float | None) -> str:
    return "never" if seconds is None else f"{seconds:5.0f} s"


def _kinds() -> Iterator[_Kind]:
    def is_dark(one: Incident) -> bool:
        return one.cause in _DARK

    def is_down(one: Incident) -> bool:
        return one.cause in _SYSTEM and one.subject == "dossier"

    yield _Kind("a commune dark (power or line cut)", _FEW, 90, _dark, is_dark)
    yield _Kind(f"a work system down, {_MANY} sites check it", _MANY, 180, _down, is_down)
    yield _Kind(f"a work system down, {_FEW} sites check it", _FEW, 600, _down, is_down)


_PROVIDERS = ("VNPT", "Viettel", "FPT")
_KINDS = tuple(_kinds())
