"""Say how the commands about enrolment are written; light, since every command loads it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

_REASONS = ("unspecified", "keyCompromise", "superseded", "cessationOfOperation")
_DEVICES = ("router", "switch", "access_point", "firewall", "modem", "ups", "other")
_MOST_DAYS = 3650
_MOST_USES = 100_000
_SERVER_DAYS = 365
_KIT_DAYS = 30


class Commands(Protocol):
    """Take commands, as argparse's subparsers do."""

    def add_parser(self, name: str, *, help: str) -> argparse.ArgumentParser:  # noqa: A002 - argparse's own name
        """Return the parser of a new command."""


def add(commands: Commands, data: Path) -> None:
    """Add the commands about enrolment; data is the default data folder."""
    for one in (*_enrol(commands), *_agent(commands), _kit(commands), *_certificate(commands)):
        one.add_argument("--data", type=Path, metavar="DIR", default=data, help="data folder (default %(default)s)")


def add_token_options(token: argparse.ArgumentParser) -> None:
    """Give `machxa token enrol` a unit: what enrols with the token is let in at once and stands there."""
    token.add_argument("--unit", metavar="CODE", help="with enrol: let in at once, and place in this unit (29410)")


def add_broker_options(command: argparse.ArgumentParser) -> None:
    """Say how a broker elsewhere is reached over TLS, and what agents are told of it."""
    command.add_argument(
        "--broker-ca", type=Path, metavar="FILE", help="with mqtts://: whom to trust (default: our own)"
    )
    command.add_argument(
        "--broker-certificate",
        type=Path,
        metavar="FILE",
        help="with mqtts://: what the collector shows there (machxa certificate client centre)",
    )
    command.add_argument("--broker-key", type=Path, metavar="FILE", help="with --broker-certificate: its key")
    command.add_argument(
        "--agents-broker", metavar="URL", help="what agents are told, where it differs: mqtts://HOST:PORT"
    )
    command.add_argument(
        "--agents-path",
        action="append",
        default=[],
        metavar="NAME=HOST:PORT",
        help="a way of agents to the broker, the preferred one first; up to 6",
    )


def _enrol(commands: Commands) -> tuple[argparse.ArgumentParser, ...]:
    acts = _acts(commands.add_parser("enrol", help="computers that ask to be let in: list, approve, refuse"))
    lists = acts.add_parser("list", help="list those that wait")
    lists.add_argument("--all", action="store_true", help="those decided, too")
    approve = acts.add_parser("approve", help="let a computer in; compare its fingerprint first")
    approve.add_argument("--same-computer", action="store_true", help="it is the known one, installed anew")
    approve.add_argument("--unit", metavar="CODE", help="where it stands")
    refuse = acts.add_parser("refuse", help="keep a computer out")
    for one in (approve, refuse):
        one.add_argument("id", metavar="ID", help="the request's id, or how it begins")
    return lists, approve, refuse


def _agent(commands: Commands) -> tuple[argparse.ArgumentParser, ...]:
    acts = _acts(commands.add_parser("agent", help="agents: revoke; let in a device that cannot sign"))
    revoke = acts.add_parser("revoke", help="take an agent's key and certificates out of force, at once and for good")
    revoke.add_argument("id", metavar="ID", help="the agent, as /admin/agents shows it")
    revoke.add_argument("--reason", choices=_REASONS, default="unspecified", help="(default %(default)s)")
    script = acts.add_parser("unsigned", help="let in a router whose script cannot sign; shown as such")
    script.add_argument("name", metavar="NAME", help="what it is called")
    script.add_argument("--unit", metavar="CODE", help="where it stands (29410)")
    script.add_argument("--kind", choices=_DEVICES, default="router", help="(default %(default)s)")
    script.add_argument(
        "--days", type=_whole(_MOST_DAYS), metavar="N", default=_SERVER_DAYS, help="(default %(default)s)"
    )
    script.add_argument("--to", type=Path, required=True, metavar="DIR", help="where its certificate and script go")
    return revoke, script


def _kit(commands: Commands) -> argparse.ArgumentParser:
    kit = commands.add_parser("kit", help="write what a commune enrols its computers with onto a USB stick")
    kit.add_argument("--unit", required=True, metavar="CODE", help="where the computers stand (29410)")
    kit.add_argument("--url", required=True, metavar="URL", help="the collector's address: https://HOST[:PORT]")
    kit.add_argument(
        "--uses", type=_whole(_MOST_USES), default=40, metavar="N", help="how many computers (default %(default)s)"
    )
    kit.add_argument(
        "--days", type=_whole(_MOST_DAYS), metavar="N", default=_KIT_DAYS, help="for how long (default %(default)s)"
    )
    kit.add_argument("--to", type=Path, required=True, metavar="DIR", help="a folder that does not exist, or is empty")
    return kit


def _certificate(commands: Commands) -> tuple[argparse.ArgumentParser, ...]:
    acts = _acts(commands.add_parser("certificate", help="the centre's own: authority, server HOST ..., client centre"))
    authority = acts.add_parser("authority", help="print the authority's certificate and fingerprint")
    server = acts.add_parser("server", help="write a key and certificate for a broker or web front")
    server.add_argument("hosts", nargs="+", metavar="HOST", help="names and addresses by which it is reached")
    client = acts.add_parser("client", help="write a key and certificate with which a collector joins a broker")
    client.add_argument("name", choices=("centre",), help="its name on the broker")
    for one in (server, client):
        one.add_argument(
            "--days", type=_whole(_MOST_DAYS), metavar="N", default=_SERVER_DAYS, help="(default %(default)s)"
        )
        one.add_argument("--to", type=Path, required=True, metavar="DIR", help="where they go")
    return authority, server, client


def _acts(command: argparse.ArgumentParser) -> Commands:
    return command.add_subparsers(dest="act", required=True, metavar="ACT")


def _whole(most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdecimal() or not 0 < int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text!r}, expected 1 to {most}")
        return int(text)

    return read
