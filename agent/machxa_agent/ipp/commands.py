"""The gateway's command ``machxa-agent ipp``: ask one printer over IPP what it is and how it is."""

from __future__ import annotations

import argparse
import json
import sys

_PORT = 631
_SECONDS = 10.0


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command to the agent's."""
    ipp = commands.add_parser("ipp", help="ask one printer over IPP, where its SNMP is off")
    ipp.add_argument("host", metavar="HOST")
    ipp.add_argument("--port", type=int, default=_PORT, help="631")
    ipp.add_argument("--seconds", type=float, default=_SECONDS, help="ask no longer (10)")
    ipp.add_argument("--json", action="store_true", help="print JSON")
    ipp.set_defaults(command=_ipp, config=None)


def _ipp(options: argparse.Namespace, _config: object) -> int:
    """Print what a printer answers; 1 where it does not."""
    from machxa_agent.ipp.client import Unreachable, ask  # noqa: PLC0415 - loaded by those who ask
    from machxa_agent.ipp.facts import told  # noqa: PLC0415
    from machxa_agent.ipp.message import NotIpp  # noqa: PLC0415
    from machxa_agent.snmp.commands import as_text  # noqa: PLC0415
    from machxa_agent.snmp.load import load_profiles  # noqa: PLC0415
    from machxa_agent.snmp.report import body  # noqa: PLC0415

    try:
        found = told(ask(options.host, options.port, options.seconds), load_profiles().makers)
    except (Unreachable, NotIpp) as exc:
        print(f"machxa-agent: {options.host}: không trả lời IPP (no IPP answer): {exc}", file=sys.stderr)
        return 1
    shown = {**body(found.device), "uuid": found.uuid, "state_reasons": list(found.reasons)}
    print(json.dumps(shown, ensure_ascii=False, indent=1) if options.json else as_text(shown))
    return 0
