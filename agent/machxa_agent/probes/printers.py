"""Watch the printers this computer prints to, above all those by USB, which nobody else sees."""

from __future__ import annotations

import sys
from typing import Callable, Tuple

from machxa_agent.equipment import printers
from machxa_agent.equipment.condition import Conditions
from machxa_agent.probes.probe import Probe
from machxa_wire.records import Sample


def printers_probe(look: Callable[[], Tuple[printers.Queue, ...]]) -> Probe:
    """Return a probe of the printers that look finds: jobs as samples, how they are as transitions."""
    conditions = Conditions()

    def read() -> Tuple[Sample, ...]:
        found = look()
        conditions.take(map(printers.condition, found))
        return printers.samples(found)

    return Probe("printers", read, every=5, after=2, is_slow=True, turned=conditions.turned)


def _here() -> Tuple[printers.Queue, ...]:
    if sys.platform == "win32":
        from machxa_agent.equipment import spooler, winspool  # noqa: PLC0415 - ctypes, on Windows only

        return spooler.queues(winspool.printers())
    from machxa_agent.equipment import cups  # noqa: PLC0415 - each system loads its own

    return cups.queues()


PROBE = printers_probe(_here)
