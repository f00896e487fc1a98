"""Name what a build for Windows must contain beyond what its imports tell; tests hold the names to the source.

A build that found its probes by scanning a folder once contained none and said nothing.
"""

# ruff: noqa: INP001 - a script beside its build

from __future__ import annotations

PROBES = (
    "machxa_agent.probes.agent",
    "machxa_agent.probes.anchor",
    "machxa_agent.probes.attached",
    "machxa_agent.probes.battery",
    "machxa_agent.probes.boot",
    "machxa_agent.probes.certificates",
    "machxa_agent.probes.cpu",
    "machxa_agent.probes.crash",
    "machxa_agent.probes.disk",
    "machxa_agent.probes.filesystem",
    "machxa_agent.probes.link",
    "machxa_agent.probes.memory",
    "machxa_agent.probes.network",
    "machxa_agent.probes.pressure",
    "machxa_agent.probes.printers",
    "machxa_agent.probes.probe",
    "machxa_agent.probes.services",
    "machxa_agent.probes.slow",
    "machxa_agent.probes.smart",
    "machxa_agent.probes.swap",
    "machxa_agent.probes.temperature",
    "machxa_agent.probes.throttle",
    "machxa_agent.probes.ups",
    "machxa_agent.probes.uptime",
)
STARTED = ("machxa_agent.asking", "machxa_agent.devices.sealing", "machxa_agent.signature")  # as programs of their own
SERVICE = (
    "machxa_agent.service.folders",
    "machxa_agent.service.host",
    "machxa_agent.service.registration",
    "servicemanager",
    "win32timezone",  # pywin32 loads it for its times, where no import says so
)
PROFILES = "machxa_agent/snmp/profiles"  # read as files
WITHOUT = ("hypothesis", "machxa_collector", "machxa_fleet", "machxa_web", "pytest", "setuptools", "test", "unittest")
