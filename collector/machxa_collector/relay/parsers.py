"""Say what the relay's commands take; loads nothing else."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Protocol

MODULE = "machxa_collector.relay.commands"


class Commands(Protocol):
    """Take commands, as argparse's subparsers do."""

    def add_parser(self, name: str, *, help: str) -> argparse.ArgumentParser:  # noqa: A002 - argparse's own name
        """Return the parser of a new command."""


def add(commands: Commands) -> None:
    """Add the relay's commands."""
    relay = commands.add_parser("relay", help="the public report form: new-secret, links, serve, pull")
    acts = relay.add_subparsers(dest="act", required=True, metavar="ACT")
    new = acts.add_parser("new-secret", help="at the centre: make what relay and centre share")
    links = acts.add_parser("links", help="at the centre: print the links of units")
    links.add_argument("units", nargs="+", metavar="CODE", help="such as 29410")
    links.add_argument("--url", default="https://relay.example", metavar="URL", help="the relay's public address")
    serve = acts.add_parser("serve", help="in the DMZ: serve the form, keep signed reports until the centre has them")
    serve.add_argument(
        "--data", type=Path, metavar="DIR", default=Path("var/relay"), help="data folder (default %(default)s)"
    )
    serve.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="where it listens (default %(default)s)")
    serve.add_argument("--port", type=int, default=8480, metavar="N", help="for everybody (default %(default)s)")
    serve.add_argument(
        "--centre-port", type=int, default=8481, metavar="N", help="for the centre (default %(default)s)"
    )
    pull = acts.add_parser("pull", help="at the centre: fetch reports and hand them to the collector")
    pull.add_argument("--relay", required=True, metavar="URL", help="the relay's address for the centre")
    pull.add_argument("--relay-ca", type=Path, metavar="FILE", help="who signed the relay's certificate")
    pull.add_argument("--collector", default="http://127.0.0.1:8470", metavar="URL", help="default %(default)s")
    pull.add_argument("--token-file", type=Path, required=True, metavar="FILE", help="an API token: reports.write")
    pull.add_argument("--every", type=float, default=15.0, metavar="SECONDS", help="default %(default)s")
    pull.add_argument("--once", action="store_true", help="fetch once and end")
    for one in (new, links, serve, pull):
        one.add_argument("--secret-file", type=Path, required=True, metavar="FILE", help="what new-secret makes")
        one.set_defaults(module=MODULE)
