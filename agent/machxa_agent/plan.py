"""Say what to run."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Mapping, Optional, Tuple

from machxa_agent.config import Broker
from machxa_agent.gateway_work import GatewayWork
from machxa_agent.paths import Route
from machxa_agent.probes.probe import Probe
from machxa_wire.records import Settings


class CannotRunError(Exception):
    """Say why the agent does not start at all."""


@dataclass(frozen=True)
class Plan:
    """Say what to run: the data folder, the probes, and how to enrol when there is no identity yet."""

    folder: Path
    probes: Tuple[Probe, ...]
    settings: Settings
    broker: Optional[Broker] = None
    enrol_url: Optional[str] = None
    enrol_token_file: Optional[Path] = None
    enrol_ca_file: Optional[Path] = None
    enrol_ca_fingerprint: Optional[str] = None
    role: str = "pc"
    policy_key: Optional[str] = None
    software: Optional[Tuple[str, ...]] = None
    works: Tuple[GatewayWork, ...] = ()
    paths: Tuple[Route, ...] = ()
    has_gateway_file: bool = False
    caps: Mapping[str, int] = field(default_factory=dict)  # of ``limits.Caps``, where not the role's usual ones
    window: Optional[Path] = None  # the report window's folder, None for one in the data folder
