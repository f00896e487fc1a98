"""Say what ``machxa drill`` takes."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Protocol


class Commands(Protocol):
    """Take commands, as argparse's own object does."""

    def add_parser(self, name: str, *, help: str) -> argparse.ArgumentParser:  # noqa: A002 - argparse's own name
        """Return the parser of a new command."""


def add(commands: Commands) -> None:
    """Add the command."""
    drill = commands.add_parser("drill", help="play a scenario, or a recorded week, through the judgement; prints JSON")
    given = drill.add_mutually_exclusive_group(required=True)
    given.add_argument("scenario", nargs="?", type=Path, metavar="SCENARIO.json", help="what happens to whom and when")
    given.add_argument("--replay", type=Path, metavar="FILE", help="records as JSON lines, see docs/drills.md")
    drill.add_argument(
        "--record", type=Path, metavar="FILE", help="write what the scenario's centre hears, for --replay"
    )
    drill.add_argument("--explain", action="store_true", help="add evidence and reasons to each incident")
    drill.set_defaults(module="machxa_collector.drill.console")
