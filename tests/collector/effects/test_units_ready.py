"""Units are told apart by how they serve; who is not heard is never called well, and no query is asked per unit."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Engine, event, insert, select, update

from machxa_collector.effects.facts import Facts
from machxa_collector.effects.readiness import Serving, units_ready
from machxa_collector.incidents.words import Cause, Hush, Layer
from machxa_collector.store import incidents, tables
from machxa_collector.store.registry import LiveRegistry
from machxa_collector.store.unit_presence import Heard, heard_everywhere, heard_from
from tests.collector.api.places_of_assets import put_assets
from tests.collector.effects.scene import CHAU_THANH, SOFTWARE, at

NOW = at(8, 30)
OPEN = replace(SOFTWARE, ended_at=None, units=(CHAU_THANH,))
DARK = replace(OPEN, id="cc" * 8, cause=Cause.POWER, layer=Layer.POWER, subject=CHAU_THANH, state="dark")
LINE = replace(OPEN, id="dd" * 8, cause=Cause.LINE, layer=Layer.WAN, state="degraded")
LAND = replace(OPEN, id="ee" * 8, subject="land")
ANNOUNCED = replace(OPEN, id="ff" * 8, suppressed_by=Hush.MAINTENANCE)
CASES = {  # presence of a unit's one computer, what is wrong: how it serves by day and by night, its readiness by day
    "all is well": ("on", None, Serving.WELL, Serving.WELL, 1.0),
    "switched off": ("off", None, Serving.OFF, Serving.OFF, None),
    "not heard": ("lost", None, Serving.UNSEEN, Serving.OFF, None),
    "no presence yet": (None, None, Serving.UNSEEN, Serving.OFF, None),
    "no dossier software": ("on", OPEN, Serving.STOPPED, Serving.STOPPED, 0.0),
    "no land database": ("on", LAND, Serving.PARTLY, Serving.PARTLY, 0.85),
    "no power, as a UPS said": ("lost", DARK, Serving.STOPPED, Serving.STOPPED, 0.0),
    "a weak line": ("on", LINE, Serving.UNCLEAR, Serving.UNCLEAR, None),
    "announced": ("on", ANNOUNCED, Serving.PLANNED, Serving.PLANNED, 0.0),
    "no agent": ("none", None, Serving.NEVER, Serving.NEVER, None),
}


def put(store: Engine, unit: str, state: str | None, seed: int = 1, count: int = 1) -> None:
    ids = put_assets(store, unit, count, seed)
    with store.begin() as connection:
        pks = connection.execute(
            select(tables.agents.c.pk).where(tables.agents.c.id.in_([agent for _, agent in ids]))
        ).scalars()
        if state is not None:
            rows = [{"agent_pk": pk, "state": state, "since": NOW, "boot": "b"} for pk in pks]
            connection.execute(insert(tables.presence), rows)


def test_how_units_serve_by_day_and_night_and_that_none_costs_a_query_of_its_own(store: Engine) -> None:
    clock = [NOW]
    facts = Facts(LiveRegistry(store), lambda: clock[0])
    units = facts.live.current().units
    codes = sorted(code for code in facts.flows() if (units.history(code)[0].parent) == "86")
    placed = dict(zip(CASES, codes, strict=False))
    for seed, (case, (presence, wrong, *_)) in enumerate(CASES.items()):
        if presence != "none":
            put(store, placed[case], presence, seed)
        if wrong is not None:
            subject = placed[case] if wrong.subject == CHAU_THANH else wrong.subject
            incidents.save(store, [replace(wrong, units=(placed[case],), subject=subject)])
    asked: list[str] = []
    event.listen(store, "before_cursor_execute", lambda *told: asked.append(told[2]))
    units_ready(facts, [placed["no land database"]])
    asked.clear()
    units_ready(facts, [placed["no land database"]])
    few = len(asked)
    asked.clear()

    by_day = units_ready(facts, placed.values())
    cost = len(asked)
    clock[0] = at(22)
    by_night = units_ready(facts, placed.values())

    ratios = {
        case: None if (ready := by_day[code].ready) is None else ready.ratio.figure for case, code in placed.items()
    }
    assert {case: by_day[code].serving for case, code in placed.items()} == {
        one: case[2] for one, case in CASES.items()
    }
    assert {case: by_night[code].serving for case, code in placed.items()} == {
        one: case[3] for one, case in CASES.items()
    }
    assert ratios == {one: case[4] for one, case in CASES.items()}
    assert (cost, few < 10) == (few, True)


def test_a_revoked_agent_is_not_waited_for_and_the_others_are_counted(store: Engine) -> None:
    put(store, CHAU_THANH, "on", count=3)
    with store.begin() as connection:
        connection.execute(update(tables.agents).where(tables.agents.c.pk == 1).values(revoked_at=NOW))

    assert heard_from(store, [CHAU_THANH, "29506"]) == {CHAU_THANH: Heard(agents=2, on=2)}
    assert heard_everywhere(store) == {CHAU_THANH: Heard(agents=2, on=2)}


def test_everywhere_tells_of_each_unit_what_is_told_of_it_alone(store: Engine) -> None:
    units = {CHAU_THANH: "on", "29506": "off", "29509": "lost"}
    for count, (unit, state) in enumerate(units.items(), start=1):
        put(store, unit, state, seed=count, count=count)
    nowhere = put_assets(store, CHAU_THANH, 1, seed=9)
    with store.begin() as connection:
        connection.execute(update(tables.assets).where(tables.assets.c.id == nowhere[0][0]).values(unit=None))
    row = {"contiguous": 0, "highest": 0, "received": 0, "declared": 0, "duplicates": 0, "first_at": NOW}
    with store.begin() as connection:
        for stream, (agent_pk, at) in enumerate(((1, 5), (2, 7), (2, 9), (7, 4))):
            told = {**row, "agent_pk": agent_pk, "stream": f"{stream:016x}", "last_at": NOW + at}
            connection.execute(insert(tables.streams).values(told))

    everywhere = heard_everywhere(store)

    assert everywhere == heard_from(store, list(units))
    assert everywhere["29506"] == Heard(agents=2, off=2, last=NOW + 9)
