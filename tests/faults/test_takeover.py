"""The standby takes over within three minutes; real agents, mosquitto, collector; gateways lost in three ways."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from machxa_agent import status
from machxa_fleet import mosquitto, stage
from tests.faults.proxy import Proxy

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(mosquitto.find() is None, reason="mosquitto is not installed"),
]
COMMUNES = {"cut": "29410", "killed": "29413", "switched off": "29419"}
WITHIN_SECONDS = 180.0
ROOT = Path(__file__).parents[2]


@dataclass
class Agent:
    """Hold one running agent behind a line of its own."""

    data: Path
    line: Proxy
    process: subprocess.Popen[bytes]

    @property
    def state(self) -> tuple[object, object]:
        """Return role and duty as the agent itself notes them."""
        told = status.read(self.data)
        return told.get("role"), told.get("on_duty")


@dataclass
class Commune:
    """Hold two agents of one unit."""

    agents: list[Agent] = field(default_factory=list)

    def by(self, role: str) -> Agent | None:
        return next((one for one in self.agents if one.state[0] == role), None)

    def is_settled(self) -> bool:
        """Return whether there is a gateway on duty and a standby that is not."""
        return sorted(map(str, (one.state for one in self.agents))) == ["('gateway', True)", "('standby', False)"]


@dataclass
class Province:
    """Hold collector, broker and communes."""

    stage: stage.Stage
    folder: Path
    communes: dict[str, Commune] = field(default_factory=dict)

    def add(self, name: str, unit: str) -> None:
        commune = self.communes[name] = Commune()
        for number in range(2):
            commune.agents.append(self._start(f"{name.replace(' ', '-')}-{number}", unit))

    def presence(self, agent: Agent) -> tuple[str, int]:
        """Return an agent's presence and since when (ms), as the collector keeps it."""
        id_ = json.loads((agent.data / "agent.json").read_text())["agent"]
        store = sqlite3.connect(f"file:{self.stage.data}/collector/machxa.db?mode=ro", uri=True, timeout=10)
        try:
            query = "SELECT state, since FROM presence JOIN agents ON agents.pk = agent_pk WHERE id = ?"
            found: tuple[str, int] = store.execute(query, (id_,)).fetchone() or ("unknown", 0)
        finally:
            store.close()
        return found

    def _start(self, name: str, unit: str) -> Agent:
        folder, line = self.folder / name, Proxy(self.stage.broker)
        folder.mkdir()
        token = [sys.executable, "-m", "machxa_collector.main", "token", "enrol", "--unit", unit]
        made = subprocess.run([*token, "--data", str(self.stage.data)], check=True, capture_output=True, text=True)
        (folder / "token").write_text(made.stdout.split()[0])
        (folder / "agent.toml").write_text("sample_seconds = 10\nbatch_seconds = 10\n")
        command = [sys.executable, "-m", "machxa_agent.main", "run", "--data", str(folder / "data")]
        command += ["--config", str(folder / "agent.toml"), "--broker", f"mqtt://127.0.0.1:{line.port}"]
        command += ["--enrol-url", f"http://127.0.0.1:{self.stage.page}", "--enrol-token-file", str(folder / "token")]
        with (folder / "log").open("wb") as log:
            environment = {**os.environ, "PYTHONPATH": str(ROOT / "agent")}
            process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        return Agent(folder / "data", line, process)


def until(what: str, is_so: Callable[[], object], seconds: float) -> float:
    """Wait until something is so; return how long it took."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < seconds, f"waited {seconds:.0f} s until {what}"
        time.sleep(0.2)
    return time.monotonic() - began


@pytest.fixture
def province(tmp_path: Path) -> Iterator[Province]:
    """Return a province with one commune for each way to lose a gateway, roles settled."""
    with mosquitto.running(tmp_path) as broker, stage.collecting(tmp_path, broker) as running:
        province = Province(running, tmp_path)
        try:
            for name, unit in COMMUNES.items():
                province.add(name, unit)
            for name, commune in province.communes.items():
                until(f"roles are settled in {name}", commune.is_settled, 120.0)
            yield province
        finally:
            for agent in (one for commune in province.communes.values() for one in commune.agents):
                if agent.process.poll() is None:
                    agent.process.kill()
                    agent.process.wait(10)
                agent.line.stop()


def test_the_standby_takes_over_when_the_gateway_is_cut_off_killed_or_switched_off(
    province: Province,
) -> None:
    gateways = {name: commune.by("gateway") for name, commune in province.communes.items()}
    standbys = {name: commune.by("standby") for name, commune in province.communes.items()}
    cut, killed, off = (gateways[name] for name in COMMUNES)
    assert cut is not None
    assert killed is not None
    assert off is not None
    began, began_ms = time.monotonic(), time.time() * 1000

    cut.line.line.hold = "both"
    killed.process.kill()
    off.process.send_signal(signal.SIGTERM)
    took: dict[str, float] = {}
    while len(took) < len(COMMUNES):
        assert time.monotonic() - began < WITHIN_SECONDS, f"only {took} took over"
        for name, standby in standbys.items():
            if name not in took and standby is not None and standby.state == ("standby", True):
                took[name] = time.monotonic() - began
        time.sleep(0.2)

    seen = {name: province.presence(gateway) for name, gateway in gateways.items() if gateway is not None}
    wills = {name: (since - began_ms) / 1000 for name, (_, since) in seen.items()}
    print("standby on duty after, s:", {name: round(seconds, 1) for name, seconds in took.items()})
    print("collector knew after, s:", {name: round(seconds, 1) for name, seconds in wills.items()})
    assert {name: state for name, (state, _) in seen.items()} == {
        "cut": "lost",
        "killed": "lost",
        "switched off": "off",
    }
