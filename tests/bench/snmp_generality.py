"""Tell what the profiles are worth on devices they were not written for: score recordings with their own rules removed.

``python -m tests.bench.snmp_generality SHARED [--show N]``: SHARED holds recordings of real devices with what others
established of them and the scorer (score.py, responder.py). Each device is asked once per way of forgetting, always
with the rules of every other family in force:

- ``whole``: nothing removed;
- ``number``: the families it belongs to are not known by sysObjectID;
- ``words``: they are not known by sysDescr, and take no fact from it;
- ``family``: they are not known at all; the standard MIBs, enterprise numbers and general words are left;
- ``maker``: nor is the maker's enterprise number.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from types import ModuleType

from machxa_agent.snmp.answers import oid
from machxa_agent.snmp.identity import matched
from machxa_agent.snmp.load import load_profiles
from machxa_agent.snmp.matching import enterprise
from machxa_agent.snmp.places import object_id
from machxa_agent.snmp.poll import Polled, poll
from machxa_agent.snmp.profiles import Family, Profiles
from machxa_agent.snmp.report import body
from machxa_agent.snmp.target import Limits, Target

WAYS = ("whole", "number", "words", "family", "maker")
_NOBODY = (oid("1.3.6.1.4.1.0"),)  # a family has to be known by something


def main() -> int:
    """Score and print one JSON object; with ``--show`` the devices that lose most without their family."""
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("shared", type=Path)
    parser.add_argument("--show", type=int, default=0, metavar="N")
    options = parser.parse_args()
    scorer = _scorer(options.shared)
    cells: dict[str, dict[str, list[float]]] = {way: defaultdict(list) for way in WAYS}
    lost: list[tuple[float, str, list[str]]] = []
    for path in sorted((options.shared / "expected").glob("*.json")):
        expected = json.loads(path.read_text(encoding="utf-8"))
        if not str(expected["recording"]).endswith(".snmprec"):
            continue  # an answer of IPP
        told = _scores(scorer, options.shared, expected)
        for way, fields in told.items():
            for field, (score, _) in fields.items():
                cells[way][field].append(score)
        gone = [f"{name}: {told['family'][name][1]}" for name in told["family"] if told["family"][name][0] < 1]
        lost.append(
            (
                sum(one for one, _ in told["whole"].values()) - sum(o for o, _ in told["family"].values()),
                path.stem,
                gone,
            )
        )
    report: dict[str, object] = {"bench": "snmp_generality", "devices": len(lost)}
    for way, found in cells.items():
        every = [one for scores in found.values() for one in scores]
        shown = {name: _percent(found[name]) for name in ("kind", "vendor", "model", "serial", "firmware")}
        report[way] = {"total": _percent(every), **shown}
    sys.stdout.write(json.dumps(report, indent=1) + "\n")
    for fall, name, gone in sorted(lost, reverse=True)[: options.show]:
        sys.stdout.write(f"{fall:.1f} {name}: {'; '.join(gone)}\n")
    return 0


def _scores(scorer: ModuleType, shared: Path, expected: dict[str, object]) -> dict[str, dict[str, tuple[float, str]]]:
    """Return the main fields' scores by way of forgetting."""
    whole = load_profiles()
    device = scorer.Responder(str(shared / str(expected["recording"])), community="public")
    device.start()
    try:
        first = _asked(device.port, whole)
        profiles = {way: _without(whole, first, way) for way in WAYS[1:]}
        polled = {"whole": first, **{way: _asked(device.port, one) for way, one in profiles.items()}}
    finally:
        device.close()
    return {way: scorer.compare(expected, body(one.device))[0] for way, one in polled.items()}


def _asked(port: int, profiles: Profiles) -> Polled:
    return poll(Target("127.0.0.1", port), profiles, Limits())


def _without(profiles: Profiles, polled: Polled, way: str) -> Profiles:
    """Return the profiles as if the device's families, or what they are known by, had never been written."""
    own = {match.family.name for match in matched(polled.answers, profiles)}
    forget = {"number": _no_number, "words": _no_words}.get(way)
    families = [forget(one) if forget else None for one in profiles.families if one.name in own]
    others = [one for one in profiles.families if one.name not in own]
    number = enterprise(object_id(polled.answers))
    left = replace(profiles, families=(*others, *(one for one in families if one is not None)))
    if way != "maker" or number is None:
        return left
    return replace(
        left,
        vendors={key: one for key, one in profiles.vendors.items() if key != number},
        kinds={key: one for key, one in profiles.kinds.items() if key != number},
    )


def _no_number(family: Family) -> Family:
    return replace(family, objects=_NOBODY)


def _no_words(family: Family) -> Family:
    return replace(family, described=())


def _percent(scores: list[float]) -> float:
    return round(100 * sum(scores) / max(1, len(scores)), 1)


def _scorer(shared: Path) -> ModuleType:
    """Return the scorer as a module."""
    spec = importlib.util.spec_from_file_location("score", shared / "score.py")
    if spec is None or spec.loader is None:
        raise SystemExit(f"{shared} holds no score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    sys.exit(main())
