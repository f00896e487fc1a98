"""Say what ``machxa plan`` takes."""

from __future__ import annotations

from pathlib import Path

from machxa_collector.trust.parsers import Commands


def add(commands: Commands, data: Path) -> None:
    """Add the command."""
    plan = commands.add_parser("plan", help="what is outdated, lacking and worth buying, from a data folder")
    plan.add_argument("what", choices=("run", "keep", "papers"), nargs="?", default="run", help="(default %(default)s)")
    plan.add_argument("kind", nargs="?", metavar="KIND", help="keep: rules, prices, units, scenario or previous")
    plan.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help="keep: TOML for rules and scenario, CSV for the others"
    )
    plan.add_argument("--name", default="", metavar="NAME", help="of the scenario to keep or run")
    plan.add_argument("--reason", default="", metavar="TEXT", help="keep: why, for the audit trail")
    plan.add_argument("--ceiling", type=int, metavar="VND", help="run: the shared ceiling, instead of a scenario")
    plan.add_argument("--exact", action="store_true", help="run: solve it, needs machxa[optimize]")
    plan.add_argument("--out", type=Path, metavar="FILE", help="run: write the plan as .xlsx or .csv")
    plan.add_argument("--json", action="store_true", help="run: print figures as JSON")
    plan.add_argument("--data", type=Path, metavar="DIR", default=data, help="data folder (default %(default)s)")
    plan.set_defaults(module="machxa_collector.purchasing.console")
