"""Measure this computer: one file per subsystem, and the list of them."""

from __future__ import annotations

from typing import Tuple

from machxa_agent.probes import (
    agent,
    anchor,
    attached,
    battery,
    boot,
    certificates,
    cpu,
    crash,
    disk,
    filesystem,
    link,
    memory,
    network,
    pressure,
    printers,
    services,
    slow,
    smart,
    swap,
    temperature,
    throttle,
    ups,
    uptime,
)
from machxa_agent.probes.probe import Probe

PROBES: Tuple[Probe, ...] = (
    cpu.PROBE,
    memory.PROBE,
    swap.PROBE,
    filesystem.PROBE,
    disk.PROBE,
    network.PROBE,
    uptime.PROBE,
    temperature.PROBE,
    battery.PROBE,
    pressure.PROBE,
    slow.PROBE,
    link.PROBE,
    anchor.PROBE,
    ups.PROBE,
    throttle.PROBE,
    smart.PROBE,
    boot.PROBE,
    crash.PROBE,
    printers.PROBE,
    attached.PROBE,
    certificates.PROBE,
    services.PROBE,
    agent.PROBE,
)


def by_name(name: str) -> Probe:
    """Return the probe of a name; raises KeyError with the names there are."""
    for probe in PROBES:
        if probe.name == name:
            return probe
    raise KeyError("no probe {!r}, expected one of {}".format(name, ", ".join(one.name for one in PROBES)))
