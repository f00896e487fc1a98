"""Say what ``machxa plan`` takes."""

from __future__ import annotations

from pathlib import Path

from machxa_collector.trust.parsers import Commands


def add(commands: Commands, data: Path) -> None:
    """Add the command."""
    plan = commands.add_parser("plan", help="what is outdated, lacking and worth buying, from a data folder")
    plan.add_argument("what", choices=("run", "keep", "papers"), nargs="?", default="run")
    plan.add_argument("kind", nargs="?", help="keep: rules, prices, units or scenario")
    plan.add_argument("file", nargs="?", type=Path, help="keep: TOML for rules and scenario, CSV for prices and units")
    plan.add_argument("--name", default="", help="of the scenario to keep or run")
    plan.add_argument("--reason", default="", help="keep: why, for the audit trail")
    plan.add_argument("--ceiling", type=int, metavar="VND", help="run: the shared ceiling, instead of a scenario")
    plan.add_argument("--exact", action="store_true", help="run: solve it, needs machxa[optimize]")
    plan.add_argument("--out", type=Path, metavar="FILE", help="run: write the plan as .xlsx or .csv")
    plan.add_argument("--json", action="store_true", help="run: print figures as JSON")
    plan.add_argument("--data", type=Path, default=data, help="data folder (default %(default)s)")
    plan.set_defaults(module="machxa_collector.purchasing.console")
