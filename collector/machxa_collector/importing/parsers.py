"""Say what the commands that take files in and give them out understand."""

from __future__ import annotations

from pathlib import Path

from machxa_collector.trust.parsers import Commands

_KINDS = "units, calendars, lines, counters, contacts, planned, assets or repairs"


def add(commands: Commands, data: Path) -> None:
    """Add the commands import and export."""
    taken = commands.add_parser("import", help="take a CSV, XLSX, XLS or ODS file into the registry")
    taken.add_argument("kind", metavar="KIND", help=_KINDS)
    taken.add_argument("file", type=Path, metavar="FILE", help="with a head of columns, as export writes it")
    taken.add_argument("--mapping", metavar="NAME", help="which column fills which field, as kept under a name")
    taken.add_argument("--sheet", metavar="NAME", help="the sheet (default: the one that fits best)")
    taken.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")
    taken.add_argument("--good-only", action="store_true", help="take in the good rows though others are refused")
    given = commands.add_parser("export", help="give records out as a file: .csv or .xlsx")
    given.add_argument("kind", metavar="KIND", help=_KINDS)
    given.add_argument("file", type=Path, metavar="FILE", help="ends with .csv or .xlsx")
    given.add_argument("--template", action="store_true", help="a blank file to fill in")
    for one in (taken, given):
        one.add_argument("--data", type=Path, metavar="DIR", default=data, help="data folder (default %(default)s)")
