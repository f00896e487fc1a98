"""Say what ``machxa demo`` takes."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Protocol

DATA = Path("var-demo")
_MOST_DAYS = 20


class Commands(Protocol):
    """Take commands, as argparse's own object does."""

    def add_parser(self, name: str, *, help: str) -> argparse.ArgumentParser:  # noqa: A002 - argparse's own name
        """Return the parser of a new command."""


def add(commands: Commands, port: int) -> None:
    """Add the command."""
    demo = commands.add_parser("demo", help="the whole product on a province that is made up, its day much faster")
    demo.add_argument("--province", default="86", metavar="CODE", help="whose communes (default %(default)s)")
    demo.add_argument("--communes", type=_count, default=124, metavar="N", help="how many (default %(default)s)")
    demo.add_argument(
        "--speed",
        type=_speed,
        default=60.0,
        metavar="TIMES",
        help="times as fast as real; 0 stands still (default %(default)s)",
    )
    demo.add_argument("--day", metavar="YYYY-MM-DD", help="the scripted day (default: the newest working day)")
    demo.add_argument("--at", default="07:20", metavar="HH:MM", help="the moment it begins with (default %(default)s)")
    demo.add_argument(
        "--days", type=_days, default=5, metavar="N", help="how many days are played (default %(default)s)"
    )
    demo.add_argument("--hours", type=float, metavar="H", help="end after so many hours of the demonstration's time")
    demo.add_argument("--anew", action="store_true", help="begin anew where a demonstration was begun")
    demo.add_argument("--data", type=Path, metavar="DIR", default=DATA, help="its own folder (default %(default)s)")
    demo.add_argument("--port", type=_count, default=port, metavar="N", help="the pages' port (default %(default)s)")
    demo.add_argument("--broker", choices=("mosquitto", "embedded"), help="default: mosquitto where it is installed")
    demo.set_defaults(module="machxa_collector.demo.console")


def _count(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65536:  # noqa: PLR2004 - ports, and more than there are communes
        raise argparse.ArgumentTypeError(f"{text!r}, expected a whole number from 1")
    return int(text)


def _days(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= _MOST_DAYS:
        raise argparse.ArgumentTypeError(f"{text!r}, expected 1 to {_MOST_DAYS}")
    return int(text)


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError as exc:
        raise argparse.ArgumentTypeError(f"{text!r}, expected a number such as 60") from exc
    if not 0 <= speed <= 600:  # noqa: PLR2004 - faster than any judgement follows
        raise argparse.ArgumentTypeError(f"{text!r}, expected 0 to 600")
    return speed
