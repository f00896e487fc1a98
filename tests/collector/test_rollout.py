"""What is new goes to 1 %, 10 %, then all agents, and stops by itself over the real store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import Engine, insert, update

from machxa_collector.intake.meters import Meters
from machxa_collector.intake.rows import KnownAgent
from machxa_collector.intake.turn import Turn
from machxa_collector.registry.audit import Entry
from machxa_collector.registry.policies import new_key, sign
from machxa_collector.registry.rollout import DWELL_MS, Kind, State, ring
from machxa_collector.rollout import Rollouts
from machxa_collector.store import audit, policies, rollouts, settings, tables
from machxa_collector.store.configured import StoredAgents
from machxa_wire import mac
from machxa_wire.downward import decode_settings
from machxa_wire.policy import decode_policy, read_policy
from machxa_wire.records import Event, Place, Stamp
from machxa_wire.topics import Address
from tests.collector.builders import MIDNIGHT, Known, take

ENTRY = Entry(at=MIDNIGHT, actor="lan", action="settings.change")
AGENTS = 200


@dataclass
class Fleet:
    """Hold agents, what they were told, and the clock."""

    store: Engine
    known: dict[str, Known]
    now_ms: int = MIDNIGHT
    seq: int = 0

    def __post_init__(self) -> None:
        canary = KnownAgent(0, "00000000-0000-4000-8000-000000000000", "00", b"c" * 32, unsigned=False)
        self.turn = Turn(canary, Meters(CollectorRegistry()), lambda: self.now_ms)
        self.rollouts = Rollouts(self.store, self.turn, StoredAgents(self.store), lambda: self.now_ms)

    def hear(self) -> dict[str, int]:
        """Return which agents were told which version since the last time, by their MAC keys."""
        told: dict[str, int] = {}
        for one in self.turn.due(connected=True):
            agent = one.topic.split("/")[3]
            if agent not in self.known:
                continue
            assert one.retain
            assert mac.verify(self.known[agent].key, one.topic, one.payload, one.mac or "")
            is_policy = one.topic == Address(agent, self.known[agent].shard).policy
            policy = read_policy(decode_policy(one.payload).text) if is_policy else None
            told[agent] = policy.version if policy else decode_settings(one.payload).version
        return told

    def say(self, agent: str, name: str, **attributes: int | str) -> None:
        self.seq += 1
        place, stamp = Place("00112233445566ff", self.seq), Stamp("0badcafe.1", self.now_ms, self.seq)
        take(self.store, self.known[agent], Event(place, stamp, name, attributes), now_ms=self.now_ms)

    def take_up(self, agents: set[str] | frozenset[str], version: int, kind: str = "settings") -> None:
        for agent in agents:
            self.say(agent, f"machxa.agent.{kind}", version=version)

    def pass_dwell(self) -> None:
        self.now_ms += DWELL_MS
        self.rollouts.look()

    def state(self, kind: Kind = Kind.SETTINGS) -> tuple[int, State]:
        one = rollouts.newest(self.store, kind)
        assert one is not None
        return one.percent, one.state


@pytest.fixture
def fleet(store: Engine) -> Fleet:
    """Return 200 agents, all connected."""
    known = {}
    with store.begin() as connection:
        for pk in range(1, AGENTS + 1):
            agent = f"{pk:08x}-0000-4000-8000-000000000001"
            row = {"pk": pk, "id": agent, "shard": "a7", "key": b"k" * 32, "role": "pc", "unsigned": False}
            connection.execute(insert(tables.agents).values(enrolled_at=MIDNIGHT, **row))
            seen = {"agent_pk": pk, "state": "on", "since": MIDNIGHT, "boot": "a.1"}
            connection.execute(insert(tables.presence).values(seen))
            known[agent] = Known(pk, agent, "a7", b"k" * 32, "")
    return Fleet(store, known)


def change(fleet: Fleet, sample_seconds: int = 30) -> int:
    return settings.change(fleet.store, sample_seconds, 300, Entry(at=fleet.now_ms, actor="lan", action="x")).version


def test_new_settings_go_ring_by_ring_to_all_agents(fleet: Fleet) -> None:
    version = change(fleet)
    rings = [ring(fleet.known, percent) for percent in (1, 10, 100)]
    heard = []
    for one in rings:
        fleet.rollouts.look()
        heard.append(fleet.hear())
        fleet.take_up(one, version)
        fleet.pass_dwell()

    assert [set(one) for one in heard] == rings
    assert [len(one) for one in rings] == [2, 20, 200]
    assert fleet.state() == (100, State.DONE)


class Defective(StoredAgents):
    """Fail once."""

    has_failed = False

    def ids(self) -> tuple[str, ...]:
        if not self.has_failed:
            self.has_failed = True
            raise ZeroDivisionError
        return super().ids()


def test_a_defect_in_telling_is_tried_again(fleet: Fleet) -> None:
    fleet.rollouts = Rollouts(fleet.store, fleet.turn, Defective(fleet.store), lambda: fleet.now_ms)
    version = change(fleet)

    fleet.rollouts.look()
    first = fleet.hear()
    fleet.rollouts.look()

    assert first == {}
    assert fleet.hear() == dict.fromkeys(ring(fleet.known, 1), version)


class Counted(StoredAgents):
    """Note whose keys were opened, and how often all were looked at."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self.opened: list[str] = []
        self.looks = 0

    def ids(self) -> tuple[str, ...]:
        self.looks += 1
        return super().ids()

    def known(self, ids: Sequence[str]) -> Iterator[KnownAgent]:
        self.opened.extend(ids)
        return super().known(ids)


@pytest.mark.parametrize(("percent", "looks"), [(1, 1), (100, 0)])
def test_telling_one_who_enrolled_opens_no_others_key(fleet: Fleet, percent: int, looks: int) -> None:
    counted = Counted(fleet.store)
    version, newcomer = change(fleet), max(ring(fleet.known, 1))
    with fleet.store.begin() as connection:
        connection.execute(update(tables.rollouts).values(percent=percent))

    Rollouts(fleet.store, fleet.turn, counted, lambda: fleet.now_ms).publish(newcomer)

    assert fleet.hear() == {newcomer: version}
    assert (counted.opened, counted.looks) == ([newcomer], looks)


def test_the_collectors_own_agent_and_the_revoked_are_told_nothing(fleet: Fleet) -> None:
    revoked, own, *others = sorted(fleet.known)
    with fleet.store.begin() as connection:
        connection.execute(update(tables.agents).where(tables.agents.c.id == revoked).values(revoked_at=MIDNIGHT))
        connection.execute(update(tables.agents).where(tables.agents.c.id == own).values(role="canary"))
    agents = StoredAgents(fleet.store)

    assert list(agents.ids()) == others
    assert [one.id for one in agents.known([revoked, own, others[0]])] == [others[0]]


def test_while_a_ring_is_tried_the_others_keep_what_they_have(fleet: Fleet) -> None:
    first = change(fleet)
    for percent in (1, 10, 100):
        fleet.rollouts.look()
        fleet.take_up(ring(fleet.known, percent), first)
        fleet.pass_dwell()
    fleet.hear()

    second = change(fleet, 40)
    fleet.rollouts.publish()
    told = fleet.hear()

    assert {agent for agent, version in told.items() if version == second} == ring(fleet.known, 1)
    assert sum(version == first for version in told.values()) == AGENTS - 2


def test_one_refusal_in_the_first_ring_stops_it_and_nobody_else_is_told(fleet: Fleet) -> None:
    version = change(fleet)
    fleet.rollouts.look()
    one, other = sorted(fleet.hear())
    fleet.say(one, "machxa.agent.settings", version=version)
    fleet.say(other, "machxa.agent.settings_reverted", version=version, reason="no reading within 45 s")

    for _ in range(5):
        fleet.pass_dwell()

    assert fleet.state() == (1, State.STOPPED)
    assert fleet.hear() == {}
    entry = list(audit.every(fleet.store))[-1]
    assert (entry.actor, entry.action, entry.result) == ("rollout", "rollout.stop", "failed")
    assert f"{other}: no reading within 45 s" in entry.detail


def test_agents_that_fall_silent_after_taking_it_stop_it(fleet: Fleet) -> None:
    version = change(fleet)
    fleet.rollouts.look()
    inside = ring(fleet.known, 1)
    fleet.take_up(inside, version)
    fleet.now_ms += 60_000
    with fleet.store.begin() as connection:
        for agent in inside:
            lost = tables.presence.update().where(tables.presence.c.agent_pk == fleet.known[agent].pk)
            connection.execute(lost.values(state="lost", since=fleet.now_ms))

    fleet.rollouts.look()

    assert fleet.state() == (1, State.STOPPED)


def test_a_refusal_of_an_older_version_is_not_this_ones_fault(fleet: Fleet) -> None:
    version = change(fleet)
    inside = ring(fleet.known, 1)
    fleet.take_up(inside, version)
    fleet.say(min(inside), "machxa.agent.settings_refused", version=version - 1, reason="older")

    fleet.pass_dwell()

    assert fleet.state() == (10, State.RUNNING)


def test_a_paused_one_waits_and_a_stopped_one_goes_on_when_somebody_says_so(fleet: Fleet) -> None:
    version = change(fleet)
    inside = ring(fleet.known, 1)
    fleet.take_up(inside, version)

    paused = rollouts.pause(fleet.store, Kind.SETTINGS, ENTRY)
    fleet.pass_dwell()
    held = fleet.state()
    resumed = rollouts.resume(fleet.store, Kind.SETTINGS, Entry(at=fleet.now_ms, actor="lan", action="x"))
    fleet.rollouts.look()
    watched_anew = fleet.state()
    fleet.pass_dwell()

    assert (paused, held) == (True, (1, State.PAUSED))
    assert (resumed, watched_anew, fleet.state()) == (True, (1, State.RUNNING), (10, State.RUNNING))
    assert not rollouts.resume(fleet.store, Kind.SETTINGS, ENTRY)
    assert not rollouts.pause(fleet.store, Kind.POLICY, ENTRY)


def test_a_newer_change_supersedes_one_under_way_and_keeps_what_all_have_had(fleet: Fleet) -> None:
    change(fleet)
    second = change(fleet, 40)

    known = rollouts.every(fleet.store)

    assert [(one.version, one.state, one.previous) for one in known] == [
        (second, State.RUNNING, None),
        (second - 1, State.SUPERSEDED, None),
    ]


def test_a_policy_is_installed_once_spread_and_never_older(fleet: Fleet) -> None:
    pem, public = new_key(None)
    policies.trust(fleet.store, public, ENTRY)
    signed = sign({"version": 5, "bounds": {"sample_seconds": [30, 600]}}, pem, None)

    assert policies.install(fleet.store, signed, ENTRY) is None
    assert policies.install(fleet.store, signed, ENTRY) == 5
    assert policies.install(fleet.store, sign({"version": 4}, pem, None), ENTRY) == 5
    fleet.rollouts.look()
    assert fleet.hear() == dict.fromkeys(ring(fleet.known, 1), 5)
    assert policies.newest(fleet.store).sample_seconds == (30, 600)
    assert audit.broken(fleet.store) is None
    assert len(list(audit.every(fleet.store))) == 2


def test_an_agent_that_enrols_is_told_its_own_version_alone(fleet: Fleet) -> None:
    version = change(fleet)
    inside = min(ring(fleet.known, 1))
    outside = min(set(fleet.known) - ring(fleet.known, 1))

    fleet.rollouts.publish(inside)
    fleet.rollouts.publish(outside)

    assert fleet.hear() == {inside: version}
