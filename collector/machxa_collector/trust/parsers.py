"""Say what the commands about trust take; loads nothing else."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Protocol


class Commands(Protocol):
    """Take commands, as argparse's subparsers do."""

    def add_parser(self, name: str, *, help: str) -> argparse.ArgumentParser:  # noqa: A002 - argparse's own name
        """Return the parser of a new command."""


def add(commands: Commands, data: Path) -> None:
    """Add the commands about trust; data is the default data folder."""
    audit = commands.add_parser("audit", help="the audit trail: verify, root, export FILE")
    acts = audit.add_subparsers(dest="act", required=True, metavar="ACT")
    verify = acts.add_parser("verify", help="check the whole chain; exit status 1 names the first broken entry")
    verify.add_argument("--against", type=Path, metavar="FILE", help="roots kept elsewhere: what `audit root` printed")
    root = acts.add_parser("root", help="print the root of each day and of now, to be kept elsewhere")
    export = acts.add_parser("export", help="write all entries as CSV, stamped with who and when")
    export.add_argument("file", type=Path, metavar="FILE", help="a file that does not exist yet")
    for one in (verify, root, export):
        one.add_argument("--data", type=Path, default=data, help="data folder (default %(default)s)")
