"""Run the real thing as its parts: witness, agent, line, broker, collector; kill any of them; compare.

The comparison is the proof: what the witness served is what the API returns, none lost, none doubled,
none invented, in order. A reading that was served while its agent was being killed may be missing,
one for each such kill: nobody ever promised to keep it.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from machxa_fleet import mosquitto
from tests.faults.proxy import Proxy

ROOT = Path(__file__).parents[2]
DEADLINE_SECONDS = 90.0
_FEWEST = 5
QUICK_SETTINGS = "sample_seconds = 1\nbatch_seconds = 1\n"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Hold what the comparison found: numbers the witness served and what became of them."""

    served: int
    lost: tuple[int, ...]
    doubled: tuple[int, ...]
    invented: tuple[int, ...]
    in_order: bool
    declared_lost: int


@dataclass
class Rig:
    """Hold the parts. Programs run from ``source``, which a broken build replaces."""

    folder: Path
    source: Path = ROOT
    agent_data: Path | None = None
    collector_data: Path | None = None
    broker_settings: str = ""
    agent_settings: str = ""
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    agent_kills: int = 0

    def __post_init__(self) -> None:
        self.agent_data = self.agent_data or self.folder / "agent"
        self.collector_data = self.collector_data or self.folder / "data"
        self.page, self.broker = mosquitto.free_port(), mosquitto.free_port()
        self.proxy = Proxy(self.broker)
        self.log = self.folder / "witness.log"

    def start(self) -> None:
        """Start everything, the agent last; it enrols by the real path."""
        self.start_witness()
        self.start_broker()
        self.start_collector()
        self.start_agent(enrol=True)

    def start_witness(self) -> None:
        """Start the device whose numbers are followed."""
        port_file = self.folder / "witness.port"
        self._spawn(
            "witness", [str(ROOT / "tests/faults/witness.py"), "--log", str(self.log), "--port-file", str(port_file)]
        )
        self.until("the witness listens", port_file.exists)
        self.witness_port = int(port_file.read_text())

    def start_broker(self) -> None:
        """Start mosquitto with its own defaults."""
        self.processes["broker"] = mosquitto.start(self.folder, self.broker, self.broker_settings)

    def start_collector(self, **environment: str) -> None:
        """Start the collector; MACHXA_CRASH names the point at which it dies."""
        arguments = [
            "-m",
            "machxa_collector.main",
            "serve",
            "--data",
            str(self.collector_data),
            "--port",
            str(self.page),
            "--broker",
            f"mqtt://127.0.0.1:{self.broker}",
        ]
        self._spawn("collector", arguments, environment)

    def start_agent(self, *, enrol: bool = False, under: tuple[str, ...] = (), **environment: str) -> None:
        """Start the agent behind the proxy, by another program if one is given."""
        assert self.agent_data is not None
        self.agent_data.mkdir(parents=True, exist_ok=True)
        config = self.folder / "agent.toml"
        config.write_text(QUICK_SETTINGS + self.agent_settings)
        arguments = [
            "-m",
            "machxa_agent.main",
            "run",
            "--data",
            str(self.agent_data),
            "--config",
            str(config),
            "--broker",
            f"mqtt://127.0.0.1:{self.proxy.port}",
            "--witness",
            f"127.0.0.1:{self.witness_port}",
        ]
        if enrol:
            token = self.folder / "token"
            token.write_text(self._token())
            arguments += ["--enrol-url", f"http://127.0.0.1:{self.page}", "--enrol-token-file", str(token)]
        self._spawn("agent", arguments, environment, under)

    def kill(self, name: str) -> None:
        """Kill a part with SIGKILL, and wait until it is gone."""
        process = self.processes[name]
        process.kill()
        process.wait(10)
        self.agent_kills += name == "agent"

    def wait_dead(self, name: str) -> None:
        """Wait until a part has died by itself, as a crash point makes it."""
        self.until(f"the {name} reaches its crash point", lambda: self.processes[name].poll() is not None)
        self.agent_kills += name == "agent"

    def pause(self, name: str) -> None:
        """Stop a part's clock."""
        self.processes[name].send_signal(signal.SIGSTOP)

    def resume(self, name: str) -> None:
        """Let a part go on."""
        self.processes[name].send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """End everything."""
        for name in ("agent", "collector", "broker", "witness"):
            process = self.processes.get(name)
            if process is not None and process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.terminate()
        for process in self.processes.values():
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.proxy.stop()

    def served(self) -> list[int]:
        """Return every number the witness served."""
        return [int(line) for line in self.log.read_text().split()] if self.log.exists() else []

    def until_served(self, more: int) -> None:
        """Wait until the witness has served this many more."""
        goal = len(self.served()) + more
        self.until(f"the witness serves {more} more", lambda: len(self.served()) >= goal)

    def until_arrived(self, more: int = 1) -> None:
        """Wait until something that is served from now on has arrived."""
        goal = max(self.served(), default=0) + more
        self.until(f"reading {goal} arrives", lambda: max(self.arrived(), default=0) >= goal)

    def arrived(self) -> list[int]:
        """Return every witness value of the API, in the order of its times; empty while it does not answer."""
        try:
            assets = self.get("/api/v1/assets")["assets"]
            found = [self.get(f"/api/v1/assets/{asset['id']}/samples?name=machxa.witness.value") for asset in assets]
        except OSError:
            return []
        points = [tuple(point) for one in found for series in one["series"] for point in series["points"]]
        return [value for _, value in sorted(points) if value is not None]

    def ledger(self) -> list[dict[str, Any]]:
        """Return the books of all streams."""
        assets = self.get("/api/v1/assets")["assets"]
        return [
            stream
            for asset in assets
            for stream in self.get(f"/api/v1/agents/{asset['agent']['id']}/ledger")["streams"]
        ]

    def finish(self) -> None:
        """Stop the agent cleanly, start it once more, and wait until something new has arrived."""
        self.until_arrived()
        self.processes["agent"].terminate()
        self.processes["agent"].wait(30)
        self.start_agent()
        self.until_arrived(2)

    def verdict(self) -> Verdict:
        """Compare what the witness served with what the API returns."""
        arrived, served = self.arrived(), set(self.served())
        newest = max(arrived, default=0)
        books = self.ledger()
        twice = tuple(sorted({value for value in arrived if arrived.count(value) > 1}))
        over = [one["received"] + one["declared_lost"] - one["highest"] for one in books]
        return Verdict(
            served=len([one for one in served if one <= newest]),
            lost=tuple(sorted(one for one in served - set(arrived) if one <= newest)),
            doubled=twice or tuple(one for one in over if one > 0),
            invented=tuple(sorted(set(arrived) - served)),
            in_order=arrived == sorted(arrived),
            declared_lost=sum(stream["declared_lost"] for stream in books),
        )

    def prove(self) -> Verdict:
        """Finish, compare, and demand that nothing is lost, doubled, invented or out of order."""
        self.finish()
        self.until("the books are closed", lambda: not any(stream["missing"] for stream in self.ledger()))
        found = self.verdict()
        assert len(found.lost) <= self.agent_kills, found
        assert found.doubled == (), found
        assert found.invented == (), found
        assert found.in_order, found
        assert found.served >= _FEWEST, found
        return found

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON of any route
        """Return an API answer; raises OSError while there is none."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.page}{path}", timeout=5) as answer:
            return json.load(answer)

    def until(self, what: str, holds: Callable[[], bool]) -> None:
        """Wait until something holds; tell the story when it does not in time."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while True:
            try:
                if holds():
                    return
            except (OSError, urllib.error.URLError, json.JSONDecodeError):
                pass
            assert time.monotonic() < deadline, f"waited {DEADLINE_SECONDS:.0f} s until {what}; {self._story()}"
            time.sleep(0.1)

    def _story(self) -> str:
        states = {name: process.poll() for name, process in self.processes.items()}
        tails = {
            name: (self.folder / f"{name}.log").read_text(errors="replace")[-1500:]
            for name in ("agent", "collector")
            if (self.folder / f"{name}.log").exists()
        }
        return f"exit states {states}, served {self.served()[-3:]}, arrived {self.arrived()[-3:]}, logs {tails}"

    def _token(self) -> str:
        self.until("the collector answers", lambda: bool(self.get("/healthz")))
        command = [sys.executable, "-m", "machxa_collector.main", "token", "enrol", "--data", str(self.collector_data)]
        return subprocess.run(
            command, check=True, capture_output=True, text=True, env=self._environment({})
        ).stdout.strip()

    def _spawn(
        self,
        name: str,
        arguments: list[str],
        environment: Mapping[str, str] | None = None,
        under: tuple[str, ...] = (),
    ) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [*under, sys.executable, *arguments], env=self._environment(environment or {}), stdout=log, stderr=log
            )

    def _environment(self, more: Mapping[str, str]) -> dict[str, str]:
        paths = [str(self.source / part) for part in ("agent", "collector", "dashboards")]
        return {**os.environ, "PYTHONPATH": os.pathsep.join(paths), **more}
