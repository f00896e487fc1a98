"""Run the agent with probes that raise, hang and return nonsense beside its own."""

from __future__ import annotations

import sys
import threading

from machxa_agent import probes
from machxa_agent.main import main
from machxa_agent.probes.probe import Probe
from machxa_wire.records import Sample


def _raise() -> tuple[Sample, ...]:
    raise OSError("the device is gone")


def _hang() -> tuple[Sample, ...]:
    threading.Event().wait(60.0)
    return ()


def _nonsense() -> tuple[Sample, ...]:
    return [float("nan")]  # type: ignore[return-value]  # what no probe may return


if __name__ == "__main__":
    bad = (Probe("raises", _raise), Probe("hangs", _hang), Probe("nonsense", _nonsense))
    probes.PROBES = (*bad, *(one for one in probes.PROBES if one.name in ("uptime", "memory")))
    sys.exit(main())
