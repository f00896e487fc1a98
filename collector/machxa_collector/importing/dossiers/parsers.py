"""Say what the commands about dossiers take; loads nothing else."""

from __future__ import annotations

from pathlib import Path

from machxa_collector.trust.parsers import Commands


def add(commands: Commands, data: Path) -> None:
    """Add the command dossiers; data is the default data folder."""
    whole = commands.add_parser("dossiers", help="dossiers and their counts: import FILE, undo ID, sources, add-source")
    acts = whole.add_subparsers(dest="act", required=True, metavar="ACT")
    taken = acts.add_parser("import", help="take a CSV, XLSX, XLS, ODS or JSON file of dossiers or counts in")
    taken.add_argument("file", type=Path, metavar="FILE", help="what the dossier system exported")
    taken.add_argument("--source", metavar="ID", help="the dossier system it is of (default: the only one there is)")
    taken.add_argument("--mapping", metavar="NAME", help="how it is read (default: the source's)")
    taken.add_argument("--unit", metavar="CODE", help="the unit of all rows, where no column tells it")
    taken.add_argument("--sheet", metavar="NAME", help="the sheet (default: the one that fits best)")
    taken.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")
    taken.add_argument("--good-only", action="store_true", help="take in the good rows though others are refused")
    undone = acts.add_parser("undo", help="take an import back: what it replaced holds again")
    undone.add_argument("id", metavar="ID", help="the import, as import printed it")
    listed = acts.add_parser("sources", help="the dossier systems, and how old their figures are")
    made = acts.add_parser("add-source", help="name a dossier system whose files are taken in")
    made.add_argument("id", metavar="ID", help="such as motcua-tinh")
    made.add_argument("name", metavar="NAME", help="as people call it")
    made.add_argument("--mapping", metavar="NAME", default="opencps-v2", help="(default %(default)s)")
    made.add_argument("--hash-numbers", action="store_true", help="keep hashes of dossier numbers; never changed after")
    for one in (taken, undone, listed, made):
        one.add_argument("--data", type=Path, metavar="DIR", default=data, help="data folder (default %(default)s)")
        one.add_argument("--seal-key", type=Path, metavar="FILE", help="keys that seal secrets (default: its own)")
        one.set_defaults(module="machxa_collector.dossier_commands")
