"""A unit gets a gateway and a standby over the real store; the standby is on duty while the gateway is silent."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import Engine, select

from machxa_collector.registry import election
from machxa_collector.registry.audit import Entry
from machxa_collector.registry.election import BOTH_SILENT_MS, HAND_BACK_MS, Candidate, Choice, Held
from machxa_collector.store import attendance, audit, roles, tables
from machxa_wire.records import Facts, Hello, Place, Stamp
from machxa_wire.roles import Neighbour
from tests.collector.builders import STREAM, take
from tests.collector.electing import OTHER, RADIO, WIRED, Commune, pair


@pytest.fixture
def commune(store: Engine) -> Commune:
    """Return a unit with two computers on the cable and a laptop."""
    commune = Commune(store)
    commune.add("laptop", RADIO, "192.168.1.30")
    commune.add("one", WIRED, "192.168.1.11")
    commune.add("two", WIRED, "192.168.1.12")
    return commune


def test_the_computers_on_the_cable_get_the_roles_and_are_told_of_each_other(commune: Commune) -> None:
    commune.elections.look_at_roles()

    told = commune.hear()

    named = {one.role: name for name, one in told.items()}
    assert sorted(named.values()) == ["one", "two"]
    gateway, standby = told[named["gateway"]], told[named["standby"]]
    assert (gateway.on_duty, standby.on_duty) == (True, False)
    assert {gateway.peer, standby.peer} == {"192.168.1.11", "192.168.1.12"}
    assert Neighbour(commune.agents["laptop"].id, "pc", "192.168.1.30") in gateway.neighbours
    assert len(gateway.neighbours) == 2
    assert commune.roles() == {}  # nothing is told twice


def test_the_standby_goes_on_duty_when_the_gateway_falls_silent_and_off_two_minutes_after_its_return(
    commune: Commune,
) -> None:
    gateway, standby = pair(commune)

    commune.presence(gateway, "lost")
    commune.elections.look_at_duties()
    took = commune.hear()
    commune.presence(gateway, "on")
    commune.now_ms += HAND_BACK_MS - 1
    waits = commune.roles()
    commune.now_ms += 1
    back = commune.roles()

    assert {name: one.on_duty for name, one in took.items()} == {gateway: False, standby: True}
    assert took[standby].peer is not None
    assert waits == {}
    assert back == {gateway: ("gateway", True), standby: ("standby", False)}


def test_a_dark_commune_changes_nothing_until_somebody_else_is_there(commune: Commune) -> None:
    gateway, standby = pair(commune)
    for name in (gateway, standby, "laptop"):
        commune.presence(name, "lost")
    commune.now_ms += BOTH_SILENT_MS
    dark = commune.roles()

    commune.presence("laptop", "on")
    woken = commune.roles()

    assert dark == {}
    assert woken["laptop"] == ("gateway", True)


def test_a_computer_that_is_not_missed_yet_takes_no_role_until_it_is_heard_again(commune: Commune) -> None:
    gateway, standby = pair(commune)
    for name in (gateway, standby):
        commune.presence(name, "lost")
    commune.now_ms += BOTH_SILENT_MS
    silent = commune.roles()

    stamp = Stamp("0badcafe.1", commune.now_ms, 1)
    take(commune.store, commune.agents["laptop"], Facts(Place(STREAM, 2), stamp, RADIO), now_ms=commune.now_ms)
    heard = commune.roles()

    assert silent == {}
    assert heard["laptop"] == ("gateway", True)


def test_a_pin_moves_the_role_and_letting_go_keeps_it(commune: Commune) -> None:
    gateway, standby = pair(commune)
    laptop = commune.agents["laptop"].id

    roles.pin(commune.store, laptop, "gateway", Entry(at=commune.now_ms, actor="lan", action="role.pin"))
    pinned = commune.roles()
    roles.pin(commune.store, laptop, None, Entry(at=commune.now_ms, actor="lan", action="role.unpin"))

    assert pinned == {"laptop": ("gateway", True), gateway: ("pc", False), standby: ("standby", False)}
    assert commune.roles() == {}


def test_an_agent_that_leaves_the_unit_loses_its_role_and_another_gets_it(commune: Commune) -> None:
    gateway, standby = pair(commune)

    commune.move(gateway, OTHER)
    moved = commune.roles()
    commune.move(gateway, None)
    homeless = commune.roles()

    assert moved == {gateway: ("gateway", True), standby: ("gateway", True), "laptop": ("standby", False)}
    assert homeless == {gateway: ("pc", False)}


def test_orders_outlive_the_collector_and_a_broker_that_forgot_is_told_again(commune: Commune) -> None:
    gateway, standby = pair(commune)
    versions = {one.agent.id: one.standing.order.version for one in roles.holders(commune.store) if one.standing}

    again = commune.collector()
    again.publish()
    told = commune.hear()
    again.look_at_roles()

    assert {commune.agents[name].id: one.version for name, one in told.items()} == versions
    assert set(told) == {gateway, standby}
    assert commune.hear() == {}


def test_elections_are_acts_with_their_reasons(commune: Commune) -> None:
    pair(commune)

    acts = [one for one in audit.every(commune.store) if one.action == "role.elect"]

    assert sorted("standby" in one.detail for one in acts) == [False, True]
    assert all("snmp wired desktop" in one.detail for one in acts)


def test_the_role_of_a_connection_is_kept_with_its_presence(commune: Commune) -> None:
    for state, role in (("on", "gateway"), ("lost", "gateway")):
        commune.presence("one", state, role)
    later = commune.now_ms
    commune.now_ms += 5000
    commune.presence("one", "lost", "standby")

    with commune.store.connect() as connection:
        columns = tables.presence.c
        query = select(columns.state, columns.since, columns.role)
        row = connection.execute(query.where(columns.agent_pk == commune.agents["one"].pk)).one()
    assert tuple(row) == ("lost", later, "standby")


def test_attendance_counts_quarters_of_working_time(commune: Commune) -> None:
    pk, off = commune.agents["one"].pk, commune.agents["laptop"].pk
    commune.presence("laptop", "off")

    for _ in range(3):
        commune.now_ms += 900_000
        commune.elections.look_at_roles()
    commune.now_ms += 12 * 3_600_000  # 22:45: nobody works
    commune.elections.look_at_roles()

    assert attendance.read(commune.store, [pk, off]) == {pk: (3, 3), off: (0, 3)}


def test_both_are_told_of_the_devices_that_either_of_them_watches(commune: Commune) -> None:
    gateway, standby = pair(commune)
    device = {"network_device": {"machxa_kind": "printer", "serial": "NTKA012345", "ips": ["192.168.1.20"]}}
    told = Facts(Place(STREAM, 2), Stamp("0badcafe.1", commune.now_ms, 2), device, device="may-in")
    take(commune.store, commune.agents[gateway], told, now_ms=commune.now_ms)

    commune.now_ms += 86_400_000
    commune.elections.look_at_roles()

    orders = commune.hear()
    printer = Neighbour("may-in", "printer", "192.168.1.20")
    assert [printer in orders[name].neighbours for name in (gateway, standby)] == [True, True]


def test_a_unit_whose_election_fails_holds_up_no_other(commune: Commune, monkeypatch: pytest.MonkeyPatch) -> None:
    commune.add("three", WIRED, "192.168.2.11", unit=OTHER)
    commune.move("one", OTHER)
    broken = {commune.agents["laptop"].id, commune.agents["two"].id}
    real = election.elect

    def elect(candidates: Sequence[Candidate], held: Held, now: int) -> Choice:
        if broken & {one.agent for one in candidates}:
            raise ValueError("a defect")
        return real(candidates, held, now)

    monkeypatch.setattr(election, "elect", elect)

    assert set(commune.roles()) == {"one", "three"}


def test_a_hello_that_was_committed_after_a_look_is_seen_at_the_next(commune: Commune) -> None:
    gateway, standby = pair(commune)
    came = commune.now_ms
    commune.now_ms += 10_000
    assert commune.roles() == {}
    commune.now_ms += 20_000
    assert commune.roles() == {}

    stamp = Stamp("0badcafe.1", came, 1)
    hello = Hello(stamp, STREAM, 1, 1, 9, "pc", {"agent": "0.1.0"}, None, lan="192.168.1.77")
    take(commune.store, commune.agents[standby], hello, now_ms=commune.now_ms - 10_000)
    commune.elections.look_at_roles()

    assert commune.hear()[gateway].peer == "192.168.1.77"


def test_only_the_unit_in_which_something_happened_is_read(commune: Commune, monkeypatch: pytest.MonkeyPatch) -> None:
    commune.add("three", WIRED, "192.168.2.11", unit=OTHER)
    commune.add("four", WIRED, "192.168.2.12", unit=OTHER)
    told = commune.roles()
    gateway = next(name for name in ("three", "four") if told[name][0] == "gateway")
    for _ in range(2):  # until no hello is new any more
        commune.now_ms += 60_000
        commune.roles()
    asked: list[str | None] = []
    real = roles.members

    def members(store: Engine, units: Sequence[str | None]) -> tuple[roles.Member, ...]:
        asked.extend(units)
        return real(store, units)

    monkeypatch.setattr(roles, "members", members)
    commune.roles()
    quiet = list(asked)
    commune.presence(gateway, "lost")
    lost = commune.roles()

    assert (quiet, asked) == ([], [OTHER])
    assert sorted(role for role, on_duty in lost.values() if on_duty) == ["standby"]


def test_a_holder_that_moves_where_both_roles_are_taken_gives_its_own_up(commune: Commune) -> None:
    gateway, _ = pair(commune)
    for number, name in enumerate(("three", "four")):
        commune.add(name, WIRED, f"192.168.2.1{number}", unit=OTHER)
    commune.roles()
    commune.now_ms += 60_000

    commune.move(gateway, OTHER)
    moved = commune.roles()

    assert moved[gateway] == ("pc", False)
    assert moved["laptop"][0] in {"gateway", "standby"}
