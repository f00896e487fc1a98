"""What follows from who stands where is read anew when that has changed, and only then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Engine, event

from machxa_collector.registry.audit import Entry
from machxa_collector.registry.certificates import Reason
from machxa_collector.store import certificates, merging, role_looks, roles, watched
from tests.collector.builders import enrol
from tests.collector.electing import OTHER, WIRED, Commune

STANDING = "GROUP BY assets.unit"  # the question that reads all agents


@pytest.fixture
def commune(store: Engine) -> Commune:
    """Return a unit of two computers with their roles."""
    commune = Commune(store)
    commune.add("one", WIRED, "192.168.1.11")
    commune.add("two", WIRED, "192.168.1.12")
    commune.roles()
    return commune


def _act(commune: Commune) -> Entry:
    commune.now_ms += 1000
    return Entry(at=commune.now_ms, actor="lan", action="x")


def _merge(commune: Commune) -> int:
    one, two = (commune.agents[name].asset for name in ("one", "two"))
    with commune.store.begin() as connection:
        return merging.merge(connection, one, two, "lan", commune.now_ms, {})


def _undo(commune: Commune, merge: int) -> None:
    with commune.store.begin() as connection:
        merging.undo_merge(connection, merge, "lan", commune.now_ms)


def _swap_roles(commune: Commune) -> None:
    first, second = roles.holders(commune.store)
    orders = {
        one.agent.pk: replace(one.standing, order=replace(one.standing.order, role=other.standing.order.role), since=at)
        for at, one, other in ((commune.now_ms + 1, first, second), (commune.now_ms + 2, second, first))
        if one.standing and other.standing
    }
    roles.save(commune.store, orders)


ACTS: dict[str, Callable[[Commune], object]] = {
    "another is enrolled": lambda one: enrol(one.store, "three"),
    "one is revoked": lambda one: certificates.revoke_agent(
        one.store, one.agents["one"].id, Reason.KEY_COMPROMISE, _act(one)
    ),
    "one is moved": lambda one: one.move("one", OTHER),
    "one is moved out": lambda one: one.move("one", None),
    "two records become one": _merge,
    "one record becomes two again": lambda one: _undo(one, _merge(one)),
    "roles are given the other way round": _swap_roles,
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_whatever_changes_who_stands_where_is_seen(commune: Commune, act: Callable[[Commune], object]) -> None:
    before = watched.signature(commune.store), role_looks.signature(commune.store)
    assert (watched.signature(commune.store), role_looks.signature(commune.store)) == before

    act(commune)

    after = watched.signature(commune.store), role_looks.signature(commune.store)
    assert after[0] != before[0]
    assert after[1] != before[1]


def test_a_pin_is_seen_by_elections_and_changes_nothing_of_what_is_watched(commune: Commune) -> None:
    before = watched.signature(commune.store), role_looks.signature(commune.store)

    roles.pin(commune.store, commune.agents["one"].id, "pc", _act(commune))

    assert watched.signature(commune.store) == before[0]
    assert role_looks.signature(commune.store) != before[1]


def test_a_quiet_look_reads_no_agents_and_one_after_a_change_or_a_quarter_does(commune: Commune) -> None:
    commune.elections.look_at_roles()
    asked: list[str] = []
    event.listen(commune.store, "before_cursor_execute", lambda *told: asked.append(told[2]))

    def looks() -> int:
        asked.clear()
        commune.elections.look_at_roles()
        return sum(STANDING in one and "role_pins" in one for one in asked)

    quiet = looks()
    enrol(commune.store, "three")
    changed, again = looks(), looks()
    commune.now_ms += 900_000

    assert (quiet, changed, again, looks()) == (0, 1, 0, 1)
