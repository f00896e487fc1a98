"""Run a commune's agents and a centre over a line that loses and delays packets; prints what was said as JSON."""

from __future__ import annotations

import ctypes
import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

UNIT = "29410"
NAMES = ("gateway", "standby", "counter")
SETTLED = ["gateway", "pc", "standby"]
BAD: dict[str, object] = {"delay": 0.8, "loss": 0.2}  # each way
_NEW_NET = 0x40000000  # CLONE_NEWNET
_SETTLE_SECONDS = 180.0
_LOOK_SECONDS = 5.0
_GATEWAY = """
[[line]]
name = "internet"
province = "192.0.2.2:8883"
anchors = ["vnnic=192.0.2.2:443"]
"""


class Run:
    """Hold the processes and what was seen."""

    def __init__(self, folder: Path, page: int) -> None:
        self.folder, self.page = folder, page
        self.processes: list[subprocess.Popen[bytes]] = []

    def start(self, side: str, log: str, *arguments: str) -> None:
        """Start a program of ours in a namespace."""
        with (self.folder / log).open("wb") as file:
            command = ["ip", "netns", "exec", f"bad-{side}", sys.executable, *arguments]
            self.processes.append(subprocess.Popen(command, stdout=file, stderr=file))

    def get(self, path: str) -> Any:  # noqa: ANN401 - JSON of any route
        with urllib.request.urlopen(f"http://127.0.0.1:{self.page}{path}", timeout=20) as answer:
            return json.load(answer)

    def states(self) -> dict[str, str]:
        """Return each asset's presence by the host name that its agent told."""
        return {one["id"]: one["presence"]["state"] for one in self.get("/api/v1/assets")["assets"]}

    def stop(self) -> None:
        for one in reversed(self.processes):
            one.terminate()
        for one in self.processes:
            try:
                one.wait(30)
            except subprocess.TimeoutExpired:
                one.kill()


def main() -> None:
    folder, control, page, seconds = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
    line = socket.create_connection(("127.0.0.1", control), 10)
    enter("bad-b")
    run = Run(folder, page)
    try:
        print(json.dumps(play(run, line, seconds)))
    finally:
        run.stop()


def play(run: Run, line: socket.socket, seconds: float) -> dict[str, object]:
    """Let agents settle on a good line, make it bad for some time, and return what the centre said meanwhile."""
    ours = [sys.executable, "-m", "machxa_collector.main"]
    data = str(run.folder / "data")
    subprocess.run([*ours, "init", "--province", "86", "--data", data], check=True, stdout=subprocess.DEVNULL)
    run.start(
        "b", "collector.log", *ours[1:], "serve", "--data", data, "--broker", "mosquitto", "--port", str(run.page)
    )
    until("the collector is ready", lambda: bool(run.get("/readyz")))
    for name in NAMES:
        start_agent(run, name, data)
        until(f"{name} is here", (run.folder / name / "data" / "agent.json").exists)
    until(
        "roles are settled and a line is up", lambda: roles(run) == ["gateway", "pc", "standby"] and lines(data) != []
    )
    told = lines(data)
    change(line, BAD)
    began, began_ms = time.monotonic(), time.time() * 1000
    seen: dict[str, float] = {}
    incidents: dict[str, dict[str, Any]] = {}
    while time.monotonic() - began < seconds:
        for state in sorted(set(run.states().values())):
            seen[state] = seen.get(state, 0.0) + _LOOK_SECONDS
        incidents |= {one["id"]: one for one in run.get("/api/v1/incidents?limit=100")["incidents"]}
        time.sleep(_LOOK_SECONDS)
    change(line, {"reset": True})
    return {
        "seconds": round(time.monotonic() - began),
        "presence_seconds": {state: round(held) for state, held in seen.items()},
        "incidents": [
            [one["cause"], one["state"], one["severity"], round(ms(one["noticed_at"]) / 1000 - began_ms / 1000, 1)]
            for one in incidents.values()
        ],
        "lines_before": [state for _, state in told],
        "lines": [[round((at - began_ms) / 1000, 1), state] for at, state in lines(data)[len(told) :]],
    }


def change(line: socket.socket, to: dict[str, object]) -> None:
    """Make the line so; what it answers is taken, or closing would break the connection."""
    line.sendall(json.dumps(to).encode() + b"\n")
    line.recv(65_536)


def start_agent(run: Run, name: str, data: str) -> None:
    """Let an agent in by the real path."""
    folder = run.folder / name
    folder.mkdir()
    command = [sys.executable, "-m", "machxa_collector.main", "token", "enrol", "--unit", UNIT, "--data", data]
    made = subprocess.run(command, check=True, capture_output=True, text=True)
    (folder / "token").write_text(made.stdout.split()[0])
    (folder / "gateway.toml").write_text(_GATEWAY)
    settings = "sample_seconds = 60\nbatch_seconds = 60\n"
    if name == "gateway":
        settings += 'role = "gateway"\n'
    (folder / "agent.toml").write_text(settings + 'gateway_file = "gateway.toml"\n')
    arguments = ["-m", "machxa_agent.main", "run", "--data", str(folder / "data")]
    arguments += ["--config", str(folder / "agent.toml")]
    arguments += ["--enrol-url", f"http://127.0.0.1:{run.page}", "--enrol-token-file", str(folder / "token")]
    run.start("a", f"{name}.log", *arguments)


def roles(run: Run) -> list[str]:
    return sorted(str(one["role"]) for one in run.get(f"/api/v1/units/{UNIT}/roles")["agents"])


def lines(data: str) -> list[tuple[int, str]]:
    """Return the transitions of lines that the store holds: ms since 1970 UTC, and the state."""
    with closing(sqlite3.connect(f"file:{data}/collector/machxa.db?mode=ro", uri=True, timeout=10)) as store:
        rows = store.execute("SELECT at, attributes FROM events WHERE name = 'line.state' ORDER BY at").fetchall()
    return [(at, json.loads(said)["state"]) for at, said in rows]


def ms(text: str) -> float:
    return datetime.fromisoformat(text).timestamp() * 1000


def until(what: str, holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + _SETTLE_SECONDS
    while True:
        try:
            if holds():
                return
        except OSError:
            pass
        assert time.monotonic() < deadline, f"waited {_SETTLE_SECONDS:.0f} s until {what}"
        time.sleep(0.3)


def enter(name: str) -> None:
    """Go into a network namespace; sockets that are open stay where they are."""
    namespace = os.open(f"/run/netns/{name}", os.O_RDONLY)
    if ctypes.CDLL(None, use_errno=True).setns(namespace, _NEW_NET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


if __name__ == "__main__":
    main()
