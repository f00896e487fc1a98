"""Run ``machxa drill``."""

from __future__ import annotations

import argparse
import json
import sys

from machxa_collector.drill import replay
from machxa_collector.drill.answer import answer
from machxa_collector.drill.running import drill_of, load
from machxa_fleet.drill.fields import Bad


def run(options: argparse.Namespace) -> int:
    """Play what was asked for and print the answer; return the exit status."""
    try:
        if options.replay is not None:
            outcome, span = replay.run(options.replay)
        else:
            drill = drill_of(load(options.scenario))
            if options.record is not None:
                replay.write(drill, options.record)
            outcome, span = drill.run(), drill.span
    except (Bad, OSError) as exc:
        print(f"machxa: {exc}", file=sys.stderr)
        return 2
    if outcome.defects:
        print(f"machxa: {outcome.defects} rules raised and were set aside", file=sys.stderr)
    print(json.dumps(answer(outcome, span, explain=options.explain), ensure_ascii=False, indent=1))
    return 0
