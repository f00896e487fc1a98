"""Fill an empty data folder with the demonstration's province: units, assets, agents, books, dossiers, prices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine

from machxa_collector.checks.catalogue import Catalogue, builtin, differences, read
from machxa_collector.demo import books, dossiers, script
from machxa_collector.demo.equipment import MARK, assets_of, code_of
from machxa_collector.demo.keys import key_of
from machxa_collector.demo.papers import prices, staff
from machxa_collector.demo.plan import PCS, Plan
from machxa_collector.importing.dossiers.asked import Asked, show_asked
from machxa_collector.importing.dossiers.given import Centre, File, named_mapping
from machxa_collector.importing.dossiers.taking import take
from machxa_collector.importing.reading import Person
from machxa_collector.registry.audit import Entry
from machxa_collector.registry.records import Record
from machxa_collector.registry.sealing import Keyring
from machxa_collector.store import demonstration, planning, seed, systems
from machxa_collector.store.dossiers import sources
from machxa_collector.store.dossiers.words import State, Way
from machxa_collector.store.records import Act, Batch, apply
from machxa_collector.store.registry import LiveRegistry
from machxa_fleet.drill.place import agent_id

Tell = Callable[[str], None]
_ACTOR = "machxa demo"
_ROLES = {"pc1": "gateway", "pc2": "standby"}


@dataclass(frozen=True, slots=True)
class Filling:
    """Hold what is filled: the store, its keys, the plan and the moment (ms) at which all of it was written."""

    store: Engine
    seals: Keyring
    plan: Plan
    now_ms: int
    secret: bytes


def fill(into: Filling, tell: Tell) -> None:
    """Write everything; tell hears what is being written."""
    store, plan = into.store, into.plan
    tell("đơn vị, lịch (units, calendar)")
    seed.seed(store, plan.province, _ACTOR, into.now_ms)
    tell("hệ thống dùng chung (systems)")
    systems.keep(store, _catalogue(), _entry(into, "systems"))
    tell("thiết bị (assets)")
    ids = _assets(into)
    demonstration.add_agents(store, _agents(into, ids), into.now_ms)
    tell("đường truyền, quầy, đầu mối (lines, counters, contacts)")
    for kind, rows in (
        ("lines", books.lines(plan)),
        ("counters", books.counters(plan, ids)),
        ("contacts", books.contacts(plan)),
        ("planned", books.planned(plan)),
    ):
        _apply(into, kind, list(rows))
    tell("hồ sơ (dossiers)")
    _dossiers(into)
    tell("giá, định mức (prices, norms)")
    planning.keep(store, "prices", "", prices(), MARK, _entry(into, "prices"))
    for name, vnd in (("A", 2_000_000_000), ("B", 5_000_000_000)):
        planning.keep(store, "scenario", name, f"shared_vnd = {vnd}\n", MARK, _entry(into, "scenario"))
    planning.keep(store, "units", "", staff(plan), MARK, _entry(into, "units"))


def _assets(into: Filling) -> dict[str, str]:
    rows = [row for unit in into.plan.communes for row in assets_of(unit, into.plan.day)]
    made = _apply(into, "assets", rows).made
    return {str(row["code"]): id_ for row, id_ in zip(rows, made, strict=True)}


def _agents(into: Filling, ids: dict[str, str]) -> Iterator[dict[str, object]]:
    for unit in into.plan.communes:
        for number in range(1, PCS + 1):
            asset = f"pc{number}"
            agent = agent_id(unit, asset)
            role = _ROLES.get(asset, "pc")
            yield {"id": agent, "key": key_of(into.secret, agent), "asset_id": ids[code_of(unit, asset)], "role": role}


def _apply(into: Filling, kind: str, rows: Sequence[Record]) -> Batch:
    act = Act(actor=_ACTOR, at_ms=into.now_ms, action="import", note=MARK)
    with into.store.begin() as connection:
        return apply(connection, kind, act, rows)


def _catalogue() -> Catalogue:
    """Return the catalogue of the systems that the simulated fleet checks; hosts that nobody has (RFC 6761)."""
    base = builtin()
    told = [f"version = {base.version + 1}"]
    for system in base.systems:
        is_checked = system.id in script.SYSTEMS
        groups = ", ".join(f'"{one}"' for one in system.groups)
        told += ["[[system]]", f'id = "{system.id}"', f'vi = "{system.vi}"', f'en = "{system.en}"']
        told += [f'owner = "{system.owner.value}"', f"groups = [{groups}]", f"enabled = {str(is_checked).lower()}"]
        told += [f'class = "{system.system_class}"'] if system.system_class else []
        if is_checked:
            host = f"{system.id.replace('_', '-')}.demo.invalid"
            told += ["[[system.check]]", f'id = "{system.id}"', 'kind = "http"', f'host = "{host}"']
            told += ['on = "all"'] if system.id in script.SYSTEMS[:2] else []
    return differences(base, read("\n".join(told)))


def _dossiers(into: Filling) -> None:
    live = LiveRegistry(into.store)
    centre, calendars = Centre(live=live, seals=into.seals), live.current().calendars

    def worked(unit: str, day: date) -> bool:
        return bool(calendars.plan(unit, day).actual)

    person = Person(name=_ACTOR, now_ms=into.now_ms)
    for mapping, name, content in (
        ("counts", "Thống kê hồ sơ", dossiers.counts(into.plan, worked)),
        ("rows", "Hồ sơ đang xử lý", dossiers.under_way(into.plan, worked)),
    ):
        with into.store.begin() as connection:
            body = show_asked(Asked(mapping=mapping))
            source = sources.add(
                connection, (f"demo-{mapping}", f"{name} ({MARK})"), into.plan.province, body, _entry(into, mapping)
            )
        named = named_mapping(centre, mapping)
        file = File(content=content, name=f"{mapping}.csv", way=Way.COMMAND, as_of=into.now_ms)
        one = take(centre, person, source, named, file).one
        if one.state is not State.DONE:
            raise RuntimeError(f"the demonstration's dossiers were not taken in: {one.report}")


def _entry(into: Filling, what: str) -> Entry:
    return Entry(at=into.now_ms, actor=_ACTOR, action=f"demo.{what}")
