"""Give the probes what the agent's file says to look at, and leave out those that have nothing to look at."""

# ruff: noqa: PLC0415 - loaded where the file names something

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Dict, List, Optional, Tuple

from machxa_agent.config import BadConfigError, Config
from machxa_agent.probes.anchor import anchor_of, anchor_probe
from machxa_agent.probes.attached import attached_probe
from machxa_agent.probes.probe import Probe

if TYPE_CHECKING:
    from machxa_agent.gateway_work import GatewayWork

_NAMED = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.@: -]{0,99}", re.ASCII)
_MOST = 20  # services and programs


def configured(probes: Tuple[Probe, ...], config: Config) -> Tuple[Probe, ...]:
    """Return the probes as configured; raises BadConfigError."""
    try:
        anchor = anchor_probe(tuple(anchor_of(one) for one in config.anchors))
    except ValueError as exc:
        raise BadConfigError(str(exc)) from exc
    instead: Dict[str, Optional[Probe]] = {
        "anchor": anchor,
        "attached": attached_probe(config.data / "attached.json"),
        "certificates": _certificates(config),
        "services": _services(config),
    }
    chosen = (instead.get(one.name, one) for one in probes)
    return tuple(one for one in chosen if one is not None)


def works(config: Config) -> Tuple[GatewayWork, ...]:
    """Return what this agent does while it watches for its unit; raises BadConfigError."""
    from machxa_agent.neighbours.work import NeighboursWork

    works: List[GatewayWork] = []
    if sys.platform == "win32":
        from machxa_agent.awake import AwakeWork, set_state

        works.append(AwakeWork(set_state))
    if config.gateway_file is not None:
        from machxa_agent.lines.work import LinesWork
        from machxa_agent.lines_config import read_lines

        lines = read_lines(config.gateway_file)
        if lines:
            works.append(LinesWork(lines, config.data))
    if config.gateway_file is not None or config.role == "gateway" or (config.data / "devices.json").exists():
        from machxa_agent.devices.work import DeviceWork

        devices = DeviceWork(config.data, config.gateway_file)
        return (NeighboursWork(devices.neighbours), *works, devices)
    return (NeighboursWork(), *works)


def _certificates(config: Config) -> Optional[Probe]:
    if not config.certificates and sys.platform != "win32":
        return None
    from machxa_agent.probes.certificates import certificates_probe

    return certificates_probe(config.certificates, with_position=config.certificate_position)


def _services(config: Config) -> Optional[Probe]:
    names = (*config.services, *config.programs)
    for one in names:
        if _NAMED.fullmatch(one) is None:
            raise BadConfigError(f"services and programs hold {one!r}, expected the name of a service or a program")
    if len(names) > _MOST:
        raise BadConfigError(f"services and programs name {len(names)}, expected {_MOST} at most")
    if not names:
        return None
    from machxa_agent.probes.services import services_probe

    return services_probe(config.services, config.programs)
