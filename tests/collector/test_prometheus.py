"""The rules for Prometheus say what they mean, and name nothing that the collector does not show."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest
from sqlalchemy import Engine, insert, update

from machxa_collector.store import tables
from machxa_collector.units_metrics import UnitMetrics
from tests.collector.builders import MIDNIGHT, enrol
from tests.collector.shown import shown_metrics

FOLDER = Path(__file__).parents[2] / "deploy" / "prometheus"
PROMTOOL = shutil.which("promtool")
needs_promtool = pytest.mark.skipif(PROMTOOL is None, reason="promtool is not installed: apt-get install prometheus")
METRIC = re.compile(r"\bmachxa_[a-z_]+\b")


@needs_promtool
@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "config", "--syntax-only", "prometheus.yml"),  # it names the file of a token
        ("check", "config", "--syntax-only", "communes.yml"),  # it names files of a token and an authority
        ("check", "rules", "rules.yml"),
        ("test", "rules", "rules.test.yml"),
    ],
)
def test_promtool_finds_nothing_wrong(arguments: tuple[str, ...]) -> None:
    told = subprocess.run([str(PROMTOOL), *arguments], cwd=FOLDER, capture_output=True, text=True, check=False)

    assert told.returncode == 0, told.stdout + told.stderr


def test_rules_name_only_what_the_collector_shows(store: Engine) -> None:
    text = (FOLDER / "rules.yml").read_text(encoding="utf-8")
    named = {one for line in text.splitlines() if "expr:" in line for one in METRIC.findall(line)}

    assert named
    assert named - shown_metrics(store) == set()


def test_communes_are_shown_by_presence_open_incidents_and_who_carries_their_lines(store: Engine) -> None:
    agents = [enrol(store, f"pc-{number}") for number in range(3)]
    states = ("on", "on", "lost")
    with store.begin() as connection:
        connection.execute(
            update(tables.assets).where(tables.assets.c.id.in_([a.asset for a in agents[1:]])).values(unit="29410")
        )
        for agent, state in zip(agents, states, strict=True):
            row = {"agent_pk": agent.pk, "state": state, "since": MIDNIGHT, "boot": "b", "role": "pc"}
            connection.execute(insert(tables.presence).values(row))
        for number, (severity, ended) in enumerate([(1, None), (1, None), (3, MIDNIGHT)]):
            incident = {
                "id": f"i-{number}",
                "cause": "power",
                "layer": "power",
                "subject": "29410",
                "severity": severity,
            }
            times = {"started_at": MIDNIGHT, "noticed_at": MIDNIGHT, "ended_at": ended, "body": "{}"}
            connection.execute(insert(tables.incidents).values({**incident, **times}))
            connection.execute(insert(tables.incident_units).values({"incident": f"i-{number}", "unit": "29410"}))
        for number, (kind, provider) in enumerate([("tslcd", "VNPT"), ("internet", "FPT"), ("internet", "Viettel")]):
            line = {"id": f"l-{number}", "unit": "29410", "name": kind, "kind": kind, "provider": provider}
            connection.execute(insert(tables.lines).values(line))
    registry = CollectorRegistry()
    registry.register(UnitMetrics(store))

    told = [line for line in generate_latest(registry).decode().splitlines() if not line.startswith("#")]

    assert sorted(told) == [
        'machxa_unit_agents{state="lost",unit="29410"} 1.0',
        'machxa_unit_agents{state="on",unit=""} 1.0',
        'machxa_unit_agents{state="on",unit="29410"} 1.0',
        'machxa_unit_incidents{cause="power",severity="P1",unit="29410"} 2.0',
        'machxa_unit_lines{machxa_line="tslcd",provider="VNPT",unit="29410"} 1.0',
    ]


def test_a_store_that_cannot_be_asked_shows_nothing_instead_of_something_old(store: Engine) -> None:
    now = [0.0]
    metrics = UnitMetrics(store, lambda: now[0])
    enrolled = enrol(store)
    with store.begin() as connection:
        row = {"agent_pk": enrolled.pk, "state": "on", "since": MIDNIGHT, "boot": "b", "role": "pc"}
        connection.execute(insert(tables.presence).values(row))
    before = sum(len(family.samples) for family in metrics.collect())

    tables.metadata.drop_all(store)
    cached = sum(len(family.samples) for family in metrics.collect())
    now[0] = 60.0

    assert (before, cached, sum(len(family.samples) for family in metrics.collect())) == (1, 1, 0)
