"""The gateway's commands: ``machxa-agent snmp poll``, and beside it ``discover`` and ``record``."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Dict, Tuple

from machxa_agent.config import BadConfigError, read_toml
from machxa_agent.discovery import commands as discovery_commands
from machxa_agent.snmp.target import Credentials, Limits, Target

_PORT = 161
_SECONDS = 25.0
_MISSING = "thiếu pysnmp (is missing); cài bằng (install with): pip install 'machxa[gateway]' (Python >= 3.10)"


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the commands to the agent's."""
    snmp = commands.add_parser("snmp", help="ask devices that cannot run an agent (needs machxa[gateway])")
    inner = snmp.add_subparsers(required=True, metavar="COMMAND")
    poll = inner.add_parser("poll", help="ask one device what it is and how it is")
    poll.add_argument("host", metavar="HOST[:PORT]", type=address)
    poll.add_argument("--community", metavar="C", help="versions 1 and 2c (public)")
    poll.add_argument("--version", choices=("1", "2c"), help="2c is tried, then 1")
    poll.add_argument("--credentials", type=Path, metavar="FILE", help="version 3: TOML with user, auth_key, priv_key")
    poll.add_argument("--seconds", type=float, default=_SECONDS, help="ask no longer (25)")
    poll.add_argument("--json", action="store_true", help="print JSON")
    poll.set_defaults(command=_poll, config=None)
    discovery_commands.add(inner)


def _poll(options: argparse.Namespace, _config: object) -> int:
    """Print what a device answers; 1 where it does not answer, 2 where pysnmp is missing."""
    try:
        from machxa_agent.snmp.load import load_profiles  # noqa: PLC0415 - loaded by those who ask
        from machxa_agent.snmp.poll import poll  # noqa: PLC0415
        from machxa_agent.snmp.report import body  # noqa: PLC0415
        from machxa_agent.snmp.walk import Silent  # noqa: PLC0415
    except ModuleNotFoundError:
        return _complain(_MISSING, 2)
    host, port = options.host
    try:
        credentials = _credentials(options.credentials) if options.credentials else None
        target = Target(host, port, options.community or "public", options.version, credentials)
        polled = poll(target, load_profiles(), Limits(seconds=options.seconds))
    except BadConfigError as exc:
        return _complain(str(exc), 2)
    except (Silent, OSError) as exc:
        return _complain(f"{host}:{port}: {exc}", 1)
    told = body(polled.device, [one.value for one in polled.complaints])
    print(json.dumps(told, ensure_ascii=False, indent=1) if options.json else as_text(told))
    return 0


def _credentials(path: Path) -> Credentials:
    """Return what stands in a file, so that no key stands in a list of processes; raises BadConfigError."""
    body = read_toml(path)
    if set(body) != {"user", "auth_key", "priv_key"} or not all(isinstance(one, str) for one in body.values()):
        raise BadConfigError(f"{path}: expected user, auth_key and priv_key, all of them texts")
    return Credentials(str(body["user"]), str(body["auth_key"]), str(body["priv_key"]))


def as_text(told: Dict[str, object], depth: int = 0) -> str:
    """Return the object as lines for people."""
    lines = []
    for name, value in told.items():
        pad = "  " * depth
        if isinstance(value, dict):
            lines += [f"{pad}{name}:", as_text(value, depth + 1)]
        elif isinstance(value, list):
            lines.append(f"{pad}{name}:")
            lines += [f"{pad}  - {_row(one)}" for one in value]
        else:
            lines.append(f"{pad}{name}: {'-' if value is None else value}")
    return "\n".join(line for line in lines if line)


def _row(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}={'-' if one is None else one}" for name, one in value.items())
    return str(value)


def address(written: str) -> Tuple[str, int]:
    """Return host and port of ``HOST``, ``HOST:PORT``, ``[V6]:PORT``."""
    host, port = written, ""
    if written.startswith("["):
        host, _, rest = written[1:].partition("]")
        port = rest[1:]
    elif written.count(":") == 1:
        host, _, port = written.partition(":")
    if not host or (port and not (port.isdigit() and 0 < int(port) < 65536)):  # noqa: PLR2004
        raise argparse.ArgumentTypeError(f"{written!r} is no HOST[:PORT]")
    return host, int(port) if port else _PORT


def _complain(text: str, exit_status: int) -> int:
    print(f"machxa-agent: {text}", file=sys.stderr)
    return exit_status
