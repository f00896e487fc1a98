"""Dashboards are what Grafana 11.6 takes, and ask for nothing that is not there."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import promql_parser
import pytest
from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.models.dashboard import Dashboard
from sqlalchemy import Engine

from machxa_collector.sinks.lines import MEASUREMENT
from tests.collector.shown import shown_metrics

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "dashboards" / "grafana").glob("*.json"))
NAME = re.compile(r'"((?:machxa|system|hw)\.[a-z_.]+)"')
RECORDED = re.compile(r"record: (\S+)")
every_file = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)


@every_file
def test_a_dashboard_keeps_all_it_says_through_grafanas_own_types(file: Path) -> None:
    told = json.loads(file.read_text(encoding="utf-8"))

    back = json.loads(json.dumps(Dashboard.from_json(told), cls=JSONEncoder))

    assert list(_lost(told, back, file.stem)) == []


@every_file
def test_a_dashboard_asks_only_for_metrics_and_labels_that_are_there(file: Path, store: Engine) -> None:
    rules = (ROOT / "deploy" / "prometheus" / "rules.yml").read_text(encoding="utf-8")
    sources = [one.read_text(encoding="utf-8") for one in (ROOT / "agent" / "machxa_agent").rglob("*.py")]
    measured = {name for text in sources for name in NAME.findall(text)}
    there = shown_metrics(store) | set(RECORDED.findall(rules))
    there |= {f"{MEASUREMENT}_{name.replace('.', '_')}" for name in measured}

    asked = {name for expression in _expressions(file) for name in _metrics(expression)}

    assert asked
    assert asked - there == set()


def test_the_dashboards_are_five_and_as_their_tables_make_them() -> None:
    told = subprocess.run([sys.executable, str(ROOT / "tools" / "grafana_dashboards.py"), "--check"], check=False)

    assert (told.returncode, len(FILES)) == (0, 5)


def _lost(told: object, back: object, place: str) -> Iterator[str]:
    """Yield where something that was told is not there any more; what the SDK adds is left out."""
    if isinstance(told, dict) and isinstance(back, dict):
        for name, value in told.items():
            yield from _lost(value, back.get(name), f"{place}.{name}")
    elif isinstance(told, list) and isinstance(back, list) and len(told) == len(back):
        for at, (one, other) in enumerate(zip(told, back, strict=True)):
            yield from _lost(one, other, f"{place}[{at}]")
    elif told != back:
        yield f"{place}: {told!r} became {back!r}"


def _expressions(file: Path) -> Iterator[str]:
    board: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    for panel in board["panels"]:
        for target in panel["targets"]:
            yield target["expr"].replace("$__range", "30d")
    for variable in board["templating"]["list"]:
        if variable["type"] == "query":
            yield re.sub(r"label_values\((\w+), \w+\)", r"\1", variable["query"]["query"])


def _metrics(expression: str) -> list[str]:
    found: list[str] = []

    def look(node: promql_parser.Expr) -> None:
        if isinstance(node, promql_parser.VectorSelector) and node.name:
            found.append(node.name)

    promql_parser.walk(promql_parser.parse(expression), look)
    return found
