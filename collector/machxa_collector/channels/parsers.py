"""Say what the command about channels takes; loads nothing else."""

from __future__ import annotations

import argparse
from pathlib import Path

from machxa_collector.outward import read_inner
from machxa_collector.trust.parsers import Commands


def add(commands: Commands, data: Path) -> None:
    """Add the command notify; data is the default data folder."""
    whole = commands.add_parser("notify", help="the channels by which people are told: list, test CHANNEL")
    acts = whole.add_subparsers(dest="act", required=True, metavar="ACT")
    listed = acts.add_parser("list", help="print each channel, its host, and how it does")
    tried = acts.add_parser("test", help="send a test message now, and say whether the other side took it")
    tried.add_argument("channel", metavar="CHANNEL", help="its id, as list shows it")
    tried.add_argument("--to", metavar="ADDRESS", help="with e-mail: the address of the test")
    add_allowed(tried)
    for one in (listed, tried):
        one.add_argument("--data", type=Path, metavar="DIR", default=data, help="data folder (default %(default)s)")
        one.add_argument("--seal-key", type=Path, metavar="FILE", help="keys that seal secrets (default: its own)")
        one.set_defaults(module="machxa_collector.channels.console")


def add_allowed(parser: argparse.ArgumentParser) -> None:
    """Add what of the inside channels may reach."""
    parser.add_argument(
        "--allow-inner", action="append", default=[], type=read_inner, metavar="NETWORK_OR_NAME[:PORT]",
        help="an address inside our own networks that a webhook, or mail on another port, may lead to; again for more",
    )  # fmt: skip
    parser.add_argument(
        "--allow-service", action="append", default=[], metavar="SCHEME",
        help="a service of apprise that goes where its address says, such as gotify; again for more",
    )  # fmt: skip
