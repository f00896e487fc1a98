"""The service units as shipped: scored and verified offline, and what they forbid is not needed."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from machxa_agent import limits
from machxa_agent.devices.entry import MOST_DEVICES
from machxa_agent.probes import PROBES
from machxa_collector.relay.secret import new_secret, read_secret
from machxa_fleet.mosquitto import free_port
from tests.deploy import sandbox

ROOT = Path(__file__).parents[2]
DEPLOY = sandbox.SYSTEMD.parent
FOLDERS = ("relay", "systemd")
UNITS = [str(path.relative_to(DEPLOY)) for one in FOLDERS for path in sorted((DEPLOY / one).glob("*.service"))]
ONCE = [one for one in UNITS if "Type=oneshot" in (DEPLOY / one).read_text(encoding="utf-8")]
MOST_EXPOSURE = {"systemd/machxa-agent.service": 2.0}
MOST_EXPOSURE_ELSE = 1.5
START_SECONDS = 120.0
SELECT_TAKES = 1024  # FD_SETSIZE, select(2)
needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed: apt-get install systemd"
)


@needs_systemd
@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_leaves_its_service_little_to_do_harm_with(unit: str) -> None:
    most = MOST_EXPOSURE.get(unit, MOST_EXPOSURE_ELSE)

    told = subprocess.run(
        [
            *("systemd-analyze", "security", "--offline=true", "--no-pager", f"--threshold={most * 10:.0f}"),
            str(DEPLOY / unit),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    print(told.stdout.strip().splitlines()[-1])
    assert (told.returncode, told.stderr) == (0, "")


@needs_systemd
@pytest.mark.parametrize("unit", UNITS)
def test_a_unit_says_nothing_that_systemd_does_not_know(unit: str, tmp_path: Path) -> None:
    installed = tmp_path / Path(unit).name
    text = (DEPLOY / unit).read_text(encoding="utf-8")
    installed.write_text(re.sub(r"/opt/machxa/\.venv/bin/\S+", sys.executable, text), encoding="utf-8")

    told = subprocess.run(["systemd-analyze", "verify", str(installed)], capture_output=True, text=True, check=False)

    assert [line for line in told.stderr.splitlines() if installed.name in line] == []


@pytest.mark.parametrize("unit", [one for one in UNITS if one not in ONCE])
def test_a_service_comes_back_for_ever_and_runs_as_its_own_user(unit: str) -> None:
    text = (DEPLOY / unit).read_text(encoding="utf-8")
    users = re.findall(r"^u (\S+)", (sandbox.SYSTEMD / "machxa.sysusers").read_text(encoding="utf-8"), re.MULTILINE)

    assert "\nRestart=always\n" in text
    assert "\nStartLimitIntervalSec=0\n" in text
    assert "\nDynamicUser=yes\n" in text or re.findall(r"^User=(\S+)", text, re.MULTILINE)[0] in users


def test_systemd_kills_no_agent_that_keeps_its_own_limits() -> None:
    text = (sandbox.SYSTEMD / "machxa-agent.service").read_text(encoding="utf-8")
    said = dict(re.findall(r"^(Memory\w+|TasksMax|LimitNOFILE|CPUQuota)=(\d+)", text, re.MULTILINE))
    given = {name: int(value) for name, value in said.items()}
    descriptors_of_a_poll = 4  # its socket, and an event loop's poll and pair
    beside = 32

    assert given["MemoryMax"] > given["MemoryHigh"] >= 2 * limits.GATEWAY.memory_mb
    assert given["CPUQuota"] / 100 * 3600 > 2 * limits.GATEWAY.cpu_seconds_per_hour
    assert given["TasksMax"] >= MOST_DEVICES + len(PROBES) + beside
    assert MOST_DEVICES * descriptors_of_a_poll + beside <= given["LimitNOFILE"] <= SELECT_TAKES


@pytest.fixture
def writable() -> Iterator[Path]:
    """Return a folder of nobody's, outside of /tmp, which the sandbox covers."""
    if (reason := sandbox.missing()) is not None:
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="machxa-", dir="/var/tmp"))
    shutil.chown(folder, sandbox.NOBODY, sandbox.NOBODY)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.faults
def test_collector_and_agent_do_their_work_within_what_the_units_leave_them(writable: Path) -> None:
    port = free_port()
    notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    notify.bind(str(writable / "notify"))
    (writable / "notify").chmod(0o777)
    notify.settimeout(START_SECONDS)
    python, trace = [sys.executable, "-m"], {name: writable / f"{name}.trace" for name in ("collector", "agent")}
    around = {"PYTHONPATH": os.pathsep.join(str(ROOT / one) for one in ("agent", "collector", "dashboards"))}
    data = str(writable / "data")
    serve = [*python, "machxa_collector.main", "serve", "--behind-proxy", "--port", str(port), "--data", data]
    collector = sandbox.start(
        serve, writable, trace["collector"], {**around, "NOTIFY_SOCKET": str(writable / "notify")}
    )
    agent = None
    try:
        said = [notify.recv(100), notify.recv(100)]
        token, operator = (_token(data, purpose) for purpose in ("enrol", "api"))
        (writable / "token").write_text(token)
        (writable / "token").chmod(0o644)
        (writable / "agent.toml").write_text("sample_seconds = 1\nbatch_seconds = 1\n")
        (writable / "agent.toml").chmod(0o644)
        given = ["--enrol-url", f"http://127.0.0.1:{port}", "--enrol-token-file", str(writable / "token")]
        kept = ["--data", str(writable / "agent"), "--config", str(writable / "agent.toml")]
        agent = sandbox.start([*python, "machxa_agent.main", "run", *kept, *given], writable, trace["agent"], around)

        _until(lambda: _approve(port, operator))
        _until(lambda: _received(port, operator) > 5)
    finally:
        for one in (agent, collector):
            if one is not None:
                os.kill(_child(one.pid), signal.SIGTERM)
                one.wait(60)
        notify.close()

    assert said == [b"READY=1", b"WATCHDOG=1"]
    for name in ("collector", "agent"):
        print(f"{name}: {len(sandbox.made(trace[name]))} different system calls, all within the unit")
        assert sandbox.beyond(trace[name], f"machxa-{name}.service") == []


@pytest.mark.faults
def test_the_relay_does_its_work_within_what_its_unit_leaves_it(writable: Path) -> None:
    port, centre_port = free_port(), free_port()
    (writable / "secret").write_text(new_secret(b"r" * 32, b"l" * 32))
    (writable / "secret").chmod(0o644)
    link = read_secret((writable / "secret").read_text()).link("29560")
    kept = ["--data", str(writable / "relay"), "--secret-file", str(writable / "secret")]
    ports = ["--port", str(port), "--centre-port", str(centre_port)]
    relay = sandbox.start(
        [sys.executable, "-m", "machxa_collector.main", "relay", "serve", *kept, *ports],
        writable,
        writable / "relay.trace",
        {"PYTHONPATH": os.pathsep.join(str(ROOT / one) for one in ("agent", "collector", "dashboards"))},
    )
    told = b"key=0123456789abcdef&category=network"

    try:
        _until(lambda: _status(f"http://127.0.0.1:{port}/healthz") == 200)
        sent = _status(f"http://127.0.0.1:{port}/b/{link}", told)
    finally:
        os.kill(_child(relay.pid), signal.SIGTERM)
        relay.wait(60)

    assert sent == 200
    assert sandbox.beyond(writable / "relay.trace", "../relay/machxa-relay.service") == []


def _status(url: str, body: bytes | None = None) -> int:
    """Return an answer's status, 0 for none."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, body, timeout=10) as told:
            return int(told.status)
    except OSError:
        return 0


def _token(data: str, purpose: str) -> str:
    command = ["setpriv", f"--reuid={sandbox.NOBODY}", f"--regid={sandbox.NOBODY}", "--clear-groups", sys.executable]
    told = subprocess.run(
        [*command, "-m", "machxa_collector.main", "token", purpose, "--data", data],
        capture_output=True,
        text=True,
        check=True,
        cwd=data,
    )
    return told.stdout.strip()


def _child(pid: int) -> int:
    """Return the program that strace runs: a signal to strace itself would not end it."""
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


def _approve(port: int, token: str) -> bool:
    """Let in who waits; return whether somebody was let in."""
    waiting = _ask(port, token, "/api/v1/enrolments")["enrolments"]
    for one in waiting:
        _ask(port, token, f"/api/v1/enrolments/{one['id']}/approve", b"{}")
    return bool(waiting)


def _received(port: int, token: str) -> int:
    """Return how many records of agents the collector has."""
    agents = [asset["agent"]["id"] for asset in _ask(port, token, "/api/v1/assets")["assets"]]
    ledgers = [_ask(port, token, f"/api/v1/agents/{agent}/ledger") for agent in agents]
    return sum(stream["contiguous"] for ledger in ledgers for stream in ledger["streams"])


def _ask(port: int, token: str, path: str, body: bytes | None = None) -> Any:  # noqa: ANN401 - JSON
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", body, headers)
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with direct.open(request, timeout=10) as told:
        return json.load(told)


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not holds():
        assert time.monotonic() < deadline, "it did not come true in time"
        time.sleep(0.2)
