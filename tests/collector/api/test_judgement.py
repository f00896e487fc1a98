"""What was set aside, what is slow and what is always weak is shown, to each as far as their territory."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from fastapi.testclient import TestClient

import machxa_collector
from machxa_collector.api.app import create_app
from machxa_collector.incidents.incident import Defect
from machxa_collector.incidents.judge import SITE_RULES
from machxa_collector.judging.state import Chronic, State
from machxa_collector.pages import pages
from machxa_collector.registry.people import Role
from machxa_collector.store import incidents
from machxa_collector.watch.pagetimes import Compared, Slow
from machxa_web.incidents.words import RULES
from tests.collector.api.conftest import Centre
from tests.collector.api.persons import seat, somebody
from tests.collector.api.test_incidents import HA_NOI, LINE
from tests.collector.builders import MIDNIGHT

COLLECTOR = Path(next(iter(machxa_collector.__path__)))
STATE = State(
    at=MIDNIGHT,
    units=2,
    assets=9,
    defect_count=3,
    defects=(
        Defect(rule="site", subject="29374", error="KeyError: 'x'", count=2, at=MIDNIGHT),
        Defect(rule="site", subject="00004", error="<b>ZeroDivisionError", count=1, at=MIDNIGHT),
        Defect(rule="system", subject="moj", error="OverflowError", count=1, at=MIDNIGHT),
    ),
    slow=(
        Compared(cause=Slow.LINE, check="dossier", excess_seconds=4.04, unit="29374"),
        Compared(cause=Slow.PC, check="dossier", excess_seconds=3.0, unit="00004", agent="x"),
        Compared(cause=Slow.SYSTEM, check="moj", excess_seconds=2.0),
    ),
    chronic=(Chronic(check="moj", seconds=9.13),),
)


def test_each_sees_what_is_set_aside_slow_and_unstable_in_their_territory(centre: Centre) -> None:
    incidents.save(centre.store, [replace(LINE, spells=3), replace(HA_NOI, spells=4)])
    deps = replace(centre.deps(loopback_open=False), judged=lambda: STATE)
    caller = TestClient(create_app(deps, pages(deps)), base_url="https://may-chu.xa.example", follow_redirects=False)
    seat(centre, caller, somebody(centre, Role.LEADER, scope="29374"), Role.LEADER)

    told = caller.get("/api/v1/judgement").json()
    page = caller.get("/judgement?lang=en")
    seat(centre, caller, somebody(centre, Role.LEADER, scope="01", login="ba"), Role.LEADER)
    province = caller.get("/api/v1/judgement").json()
    seat(centre, caller, somebody(centre, Role.AUDITOR, login="ca"), Role.AUDITOR)
    whole = caller.get("/api/v1/judgement").json()
    shown = caller.get("/judgement?lang=vi").text

    assert (told["defect_count"], [one["subject"] for one in told["defects"]]) == (3, ["29374"])
    assert [(one["cause"], one["unit"]) for one in told["slow"]] == [("line", "29374"), ("system", None)]
    assert [(one["subject"], one["spells"]) for one in told["unstable"]] == [("29374", 3)]
    assert told["chronic"] == [{"check": "moj", "seconds": 9.1}]
    assert "KeyError" in page.text
    assert [one["subject"] for one in province["defects"]] == ["00004", "moj"]
    assert (len(whole["defects"]), len(whole["slow"]), len(whole["unstable"])) == (3, 3, 2)
    assert "&lt;b&gt;ZeroDivisionError" in shown
    assert "line and network of a unit <small><code>site</code></small>" in page.text
    assert "đánh giá một hệ thống nghiệp vụ <small><code>system</code></small>" in shown


def test_every_rule_that_may_be_set_aside_has_words() -> None:
    packages = ("incidents", "judging")
    sources = [path.read_text("utf-8") for name in packages for path in (COLLECTOR / name).glob("*.py")]
    named = {rule for text in sources for rule in re.findall(r'guard\.(?:run|ask)\("(\w+)"', text)}

    assert named | {name for name, _ in SITE_RULES} == set(RULES)
