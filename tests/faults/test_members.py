"""Several collectors on one PostgreSQL: one that is killed is taken over within 30 s, with nothing lost or doubled."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from machxa_collector.intake.shares import owner
from machxa_fleet import mosquitto, stage
from machxa_fleet.simulated import Credentials, Fleet, Pace, SimulatedAgent
from tests.collector import postgres

pytestmark = [
    pytest.mark.faults,
    pytest.mark.postgres,
    pytest.mark.skipif(mosquitto.find() is None, reason="mosquitto is not installed"),
]
WITHIN_SECONDS = 30.0
MANY_ROUNDS = 3
AGENTS = 24
_PROGRAM = (sys.executable, "-m", "machxa_collector.main")
_WAIT_SECONDS = 120.0


@dataclass
class Members:
    """Hold collectors that share a PostgreSQL and a broker, and a fleet that sends to them."""

    folder: Path
    address: str
    broker: int
    store: Engine
    fleet: Fleet = field(init=False)
    given: list[Credentials] = field(init=False)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    pages: dict[str, int] = field(default_factory=dict)

    def start(self, name: str) -> None:
        """Start a member with the keys of the first one."""
        data, page = self.folder / name, mosquitto.free_port()
        if self.running:
            self._copy_keys(next(iter(self.running)), name)
        command = [*_PROGRAM, "serve", "--data", str(data), "--store", self.address, "--member", name]
        command += ["--broker", f"mqtt://127.0.0.1:{self.broker}", "--port", str(page)]
        with (self.folder / f"{name}.log").open("wb") as log:
            self.running[name] = subprocess.Popen(command, stdout=log, stderr=log)
        self.pages[name] = page

    def enrol(self, by: str) -> None:
        """Enrol a fleet and let it begin."""
        here = stage.Stage(self.broker, self.pages[by], self.running[by].pid, self.folder / by)
        self.given = here.enrol(AGENTS)
        self.fleet = Fleet(self.given, Pace(sample_seconds=0.5, batch_seconds=1.0))
        self.fleet.connect("127.0.0.1", self.broker)

    def until(self, what: str, is_so: Callable[[], bool], seconds: float = _WAIT_SECONDS) -> float:
        """Let the fleet live until something is so; return the seconds that took."""
        began = time.monotonic()
        while not is_so():
            if time.monotonic() - began > seconds:
                logs = {name: (self.folder / f"{name}.log").read_text()[-3000:] for name in self.running}
                raise AssertionError(f"waited {seconds:.0f} s until {what}; {self.live()}; {logs}")
            if hasattr(self, "fleet"):
                self.fleet.run(0.2)
            else:
                time.sleep(0.1)
        return time.monotonic() - began

    def is_ready(self, name: str) -> bool:
        """Return whether records go through a member."""
        assert self.running[name].poll() is None, (self.folder / f"{name}.log").read_text()[-3000:]
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{self.pages[name]}/readyz", timeout=1).close()
        except OSError:
            return False
        return True

    def live(self) -> set[str]:
        """Return who has shards."""
        return set(self._asked("SELECT name FROM members WHERE is_live"))

    def leader(self) -> str | None:
        """Return who leads, None before anybody does."""
        return next(iter(self._asked("SELECT name FROM member_leader")), None)

    def heard_anew(self) -> None:
        """Wait until all agents are acknowledged what they measure from now on."""
        before = [(agent, agent.outbox.depth().high) for agent in self.fleet.agents]
        self.until("what is measured now is acknowledged", lambda: all(_is_beyond(*one) for one in before))

    def pause(self, name: str) -> None:
        """Stop a member's clock until the others have its shards, and let it go on with what it had under way."""
        self.running[name].send_signal(signal.SIGSTOP)
        self.until(f"the others have the shards of {name}", lambda: name not in self.live())
        self.heard_anew()
        self.running[name].send_signal(signal.SIGCONT)
        self.until(f"{name} is back", lambda: name in self.live())

    def cut(self) -> None:
        """End every session that the store has, as when it starts anew."""
        with self.store.connect() as connection:
            others = "pid <> pg_backend_pid() AND datname = current_database()"
            connection.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))  # noqa: S608 - ours

    def kill(self, name: str) -> tuple[float, float]:
        """Kill a member; return after how many seconds all its agents were acknowledged anew, and another one leads."""
        led = self.leader() == name
        theirs = [
            agent for agent, one in zip(self.fleet.agents, self.given, strict=True)
            if owner(one.shard, self.live()) == name
        ]  # fmt: skip
        assert theirs, f"{name} has no agent: take more"
        self.running[name].kill()
        self.running[name].wait(10)
        began = time.monotonic()
        before = [(agent, agent.outbox.depth().high) for agent in theirs]
        leads_after = 0.0
        if led:
            leads_after = self.until("another one leads", lambda: self.leader() != name)
        self.until("what is measured now is acknowledged", lambda: all(_is_beyond(*one) for one in before))
        return time.monotonic() - began, leads_after

    def close_books(self) -> None:
        """Let the fleet send all it has, and demand that the store has each record once."""
        waiting = self.fleet.drain(_WAIT_SECONDS)
        books = self.books()
        sent = sum(agent.outbox.depth().high for agent in self.fleet.agents)
        self.fleet.close()
        print(f"{sent} records of {AGENTS} agents")
        assert waiting == 0
        assert len(books) == AGENTS
        assert sum(highest for _, highest, *_ in books) == sent
        for received, highest, contiguous, rows, doubled in books:
            assert (received, contiguous, rows, doubled) == (highest, highest, highest, 0)

    def books(self) -> list[tuple[int, int, int, int, int]]:
        """Return of each fleet's stream: received, highest, without a gap, rows, duplicate readings."""
        query = """
        SELECT s.received, s.highest, s.contiguous, count(r.seq), count(r.seq) - count(DISTINCT r.seq)
        FROM streams s JOIN reports r ON r.stream_pk = s.pk WHERE s.stream = ANY(:streams)
        GROUP BY s.pk, s.received, s.highest, s.contiguous"""
        with self.store.connect() as connection:
            rows = connection.execute(text(query), {"streams": [one.stream for one in self.fleet.agents]})
            return [tuple(map(int, row)) for row in rows]  # type: ignore[misc] # five columns

    def _asked(self, query: str) -> list[str]:
        with self.store.connect() as connection:
            return list(connection.execute(text(query)).scalars())

    def _copy_keys(self, first: str, name: str) -> None:
        source, target = self.folder / first / "collector", self.folder / name / "collector"
        target.mkdir(parents=True)
        shutil.copytree(source / "ca", target / "ca")
        shutil.copy(source / "seal.key", target)


def _is_beyond(agent: SimulatedAgent, high: int) -> bool:
    depth = agent.outbox.depth()
    return depth.high - depth.waiting_records > high


@contextmanager
def _members(folder: Path, names: str) -> Iterator[Members]:
    with ExitStack() as stack:
        server = stack.enter_context(postgres.cluster())
        broker = stack.enter_context(mosquitto.running(folder))
        address = server.url(server.made())
        store = create_engine(address.replace("postgresql:", "postgresql+psycopg:"))
        stack.callback(store.dispose)
        made = Members(folder, address, broker, store)
        try:
            made.start(names[0])
            made.until("the first one is ready", lambda: made.is_ready(names[0]))  # it makes schema and keys
            for name in names[1:]:
                made.start(name)
            made.until("all are ready", lambda: all(map(made.is_ready, names)))
            yield made
        finally:
            for one in made.running.values():
                one.kill()
                one.wait(10)


def test_who_is_killed_is_taken_over_and_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    with _members(tmp_path, "ab") as made:
        made.enrol("b")
        made.until("all agents are heard", lambda: all(_is_beyond(agent, 2) for agent in made.fleet.agents))
        leader = made.leader()  # it is an intake, too
        assert leader is not None

        took, leads = made.kill(leader)
        made.close_books()

    print(f"leader killed: all its agents heard after {took:.1f} s, another leads after {leads:.1f} s")
    assert took < WITHIN_SECONDS


def test_members_that_pause_lose_their_sessions_or_only_take_are_taken_over_as_well(
    tmp_path: Path, rounds: int
) -> None:
    if rounds < MANY_ROUNDS:
        pytest.skip("with --faults 3")
    with _members(tmp_path, "abc") as made:
        made.enrol("b")
        made.until("all agents are heard", lambda: all(_is_beyond(agent, 2) for agent in made.fleet.agents))
        other = next(name for name in "abc" if name != made.leader())

        made.pause(other)
        made.cut()
        made.heard_anew()
        took, _ = made.kill(next(name for name in "abc" if name != made.leader()))
        made.close_books()

    print(f"intake killed: all its agents heard after {took:.1f} s")
    assert took < WITHIN_SECONDS
