"""Say what the commands about systems take; loads nothing else."""

from __future__ import annotations

from pathlib import Path

from machxa_collector.trust.parsers import Commands


def add(commands: Commands, data: Path) -> None:
    """Add the command systems; data is the default data folder."""
    whole = commands.add_parser("systems", help="the systems that agents check: list, export FILE, import FILE")
    acts = whole.add_subparsers(dest="act", required=True, metavar="ACT")
    listed = acts.add_parser("list", help="print each system, who owns it, and its checks")
    given = acts.add_parser("export", help="write the catalogue as TOML, to be edited, and to sign policies with")
    given.add_argument("file", type=Path, metavar="FILE", help="a file that does not exist yet")
    taken = acts.add_parser("import", help="take an edited catalogue in; agents run it once a policy is signed with it")
    taken.add_argument("file", type=Path, metavar="FILE", help="what export wrote, edited")
    for one in (listed, given, taken):
        one.add_argument("--data", type=Path, metavar="DIR", default=data, help="data folder (default %(default)s)")
        one.set_defaults(module="machxa_collector.checks.console")
