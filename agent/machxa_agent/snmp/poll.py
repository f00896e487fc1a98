"""Poll one device: open, ask, close, interpret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Tuple

from machxa_agent.snmp.answers import Answers
from machxa_agent.snmp.ask import ask
from machxa_agent.snmp.device import Device, device
from machxa_agent.snmp.profiles import Profiles
from machxa_agent.snmp.session import Community, Limits, Target
from machxa_agent.snmp.walk import Complaint, Walker


@dataclass(frozen=True)
class Polled:
    """Hold a device, what it answered, and what it did that devices must not do."""

    device: Device
    answers: Answers
    complaints: Tuple[Complaint, ...]


def poll(target: Target, profiles: Profiles, limits: Limits) -> Polled:
    """Return what a device answers; raises Silent, or OSError where its address is none."""
    link = Community(target, limits)
    try:
        answers = ask(Walker(link), profiles)
    finally:
        link.close()
    complaints = tuple(sorted(link.complaints, key=lambda one: one.name))
    return Polled(device(answers, profiles), answers, complaints)
