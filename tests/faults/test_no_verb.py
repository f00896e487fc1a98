"""Nothing that comes down the line runs a program or opens a port; what harms is gone within a minute.

Programs that a running agent may start, all ours, with the agent's own Python and no word from outside among
their arguments: ``-m machxa_agent.asking`` (to enrol and to renew a certificate), ``-m machxa_agent.signature``
(once for each new policy) and ``-m machxa_agent.devices.sealing`` (a gateway, to open the credentials of its devices).
Beside them its readers of this computer ask programs of the system, by their full path
and with arguments that are constants or a disk's name: READER. That is the whole list.
"""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from machxa_agent import identity
from machxa_fleet import mosquitto
from machxa_wire import mac
from machxa_wire.text import to_text
from tests.faults.rig import Rig

pytestmark = [pytest.mark.faults, pytest.mark.broker]

HERE = ("machxa_agent.asking", "machxa_agent.signature")
OURS = (*HERE, "machxa_agent.devices.sealing")  # the last where devices have credentials
POLICY = 'version = 1\nhosts = ["dichvucong.gov.vn:443"]\n[bounds]\nsample_seconds = [1, 600]\n'
SHELL = ("; touch {0}", "$(touch {0})", "`touch {0}`", "| touch {0}", "\n touch {0}\n", "../../{0}", "|| touch {0} &")
STRACE = ("strace", "-f", "-s", "4096", "-e", "trace=execve,execveat,listen")  # -s: cut no path, however long
READER = re.compile(
    r'"/(?:usr/)?bin/systemctl", "show", "--property=[A-Za-z,]*"'
    r'|"/[a-z/]*/smartctl", "--json=c", "--health", "--attributes", "--info", "--nocheck=standby,0", "/dev/[a-z0-9]+"'
    r'|"/usr/bin/rpm", "-qa", "--queryformat=[^"]*"'
)
EXEC = re.compile(r'execve(?:at)?\((?:[^"]*)"(?P<program>[^"]*)", \[(?P<arguments>[^\]]*)\]')


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[Rig]:
    """Return a rig with everything but the agent, and a policy key that agents are told at enrolment."""
    if mosquitto.find() is None or shutil.which("strace") is None:
        pytest.skip("mosquitto or strace is not installed")
    rig = Rig(tmp_path)
    try:
        rig.start_witness()
        rig.start_broker()
        rig.start_collector()
        rig.until("the collector answers", lambda: bool(rig.get("/healthz")))
        (tmp_path / "policy.toml").write_text(POLICY)
        machxa("policy", "new-key", tmp_path / "key")
        machxa("policy", "sign", tmp_path / "policy.toml", "--key", tmp_path / "key")
        machxa("policy", "trust", tmp_path / "key.pub", "--data", data(rig))
        yield rig
    finally:
        rig.stop()


def machxa(*arguments: str | Path) -> str:
    command = [sys.executable, "-m", "machxa_collector.main", *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def data(rig: Rig) -> Path:
    assert rig.collector_data is not None
    return rig.collector_data


def kept(rig: Rig, name: str) -> dict[str, object]:
    assert rig.agent_data is not None
    path = rig.agent_data / name
    found: dict[str, object] = json.loads(path.read_text()) if path.exists() else {}
    return found


def put_settings(rig: Rig, sample_seconds: int) -> None:
    token = machxa("token", "api", "--data", data(rig)).strip()
    asked = urllib.request.Request(
        f"http://127.0.0.1:{rig.page}/api/v1/settings",
        to_text({"sample_seconds": sample_seconds, "batch_seconds": 5}),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        method="PUT",
    )
    urllib.request.urlopen(asked, timeout=10).close()


def rollouts(rig: Rig) -> str:
    return machxa("rollout", "status", "--data", data(rig))


def traced_pid(rig: Rig) -> int:
    """Return the agent's own process id: strace's child, once it is the agent. strace tries out another one first."""
    tracer = rig.processes["agent"].pid
    found: list[int] = []

    def is_agent(child: str) -> bool:
        """Tell the agent from a child that is strace's own still, with strace's arguments, or gone by now."""
        try:
            words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
        except OSError:
            return False
        return b"python" in words[0] and b"machxa_agent.main" in words

    def is_there() -> bool:
        children = Path(f"/proc/{tracer}/task/{tracer}/children").read_text().split()
        found[:] = [int(one) for one in children if is_agent(one)]
        return bool(found)

    rig.until("strace started the agent", is_there)
    return found[0]


def listening(pid: int) -> list[str]:
    """Return the lines of sockets of a process that listen, TCP, or are bound, UDP."""
    inodes = set()
    for handle in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = str(handle.readlink())
        except FileNotFoundError:
            continue
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    found = []
    for table, states in (("tcp", {"0A"}), ("tcp6", {"0A"}), ("udp", {"07"}), ("udp6", {"07"})):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] in states and fields[9] in inodes:
                found.append(line)
    return found


def secret_in(path: Path) -> bytes:
    """Return the enrolment token in a file, or the MAC key in an identity."""
    text = path.read_text().strip()
    return (json.loads(text)["key"] if path.suffix == ".json" else text).encode()


def attack(rig: Rig, marker: Path) -> int:
    """Say everything to the agent that a centre taken over could, its MAC key included; return how much was said."""
    assert rig.agent_data is not None
    who = identity.load(rig.agent_data)
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
    client.connect("127.0.0.1", rig.broker)
    client.loop_start()
    topics = [
        f"{who.address.base}/down/{one}" for one in ("config", "policy", "notice", "ack", "exec", "run", "update")
    ]
    payloads = [b"", b"{", b"\x78\xda", b"\xff" * 60_000]
    for one in SHELL:
        text = one.format(marker)
        payloads += [
            text.encode(),
            to_text({"version": 99, "sample_seconds": text, "batch_seconds": 5}),
            to_text({"version": 99, "sample_seconds": 5, "batch_seconds": 5, "command": text, "exec": [text]}),
            to_text({"policy": json.dumps({"version": 9, "hosts": [text]}), "key": text, "signature": text}),
        ]
    sent = []
    for topic in topics:
        for payload in payloads:
            properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]  # paho's has no types
            properties.UserProperty = (mac.PROPERTY, mac.sign(who.key, topic, payload))
            sent.append(client.publish(topic, payload, qos=1, properties=properties))
    for message in sent:
        message.wait_for_publish(30)
    client.disconnect()
    client.loop_stop()
    return len(sent)


def test_a_whole_run_starts_two_programs_of_ours_and_readers_and_opens_no_port(parts: Rig, tmp_path: Path) -> None:
    trace, marker = tmp_path / "trace", tmp_path / "touched"
    parts.start_agent(enrol=True, under=(*STRACE, "-o", str(trace)))
    pid = traced_pid(parts)
    parts.until_arrived()
    machxa("policy", "install", tmp_path / "policy.signed", "--data", data(parts))
    put_settings(parts, 2)
    parts.until("the policy proved good", lambda: bool(kept(parts, "policy.json")))
    parts.until("the settings proved good", lambda: kept(parts, "settings.json").get("sample_seconds") == 2)

    said = attack(parts, marker)
    parts.until_arrived(3)
    ports = listening(pid)
    newest = kept(parts, "settings.json")
    subprocess.run(["kill", "-TERM", str(pid)], check=True)
    parts.processes["agent"].wait(60)

    calls = trace.read_text()
    done = [line for line in calls.splitlines() if line.endswith(" = 0")]
    started = [found.group("arguments") for found in map(EXEC.search, done) if found]
    started = [one for one in started if READER.fullmatch(one) is None]
    programs = [arguments.rpartition('"-m", "')[2].split('"')[0] for arguments in started[1:]]
    print(f"{said} messages; programs started: {programs}; listening sockets: {len(ports)}")
    assert set(HERE) <= set(programs) <= set(OURS), started
    assert programs.count("machxa_agent.signature") == 1
    assert all(arguments.count('", "') == 2 for arguments in started[1:]), started
    assert "listen(" not in calls
    told = calls.encode() + (tmp_path / "agent.log").read_bytes()
    assert not [one for one in (tmp_path / "token", tmp_path / "agent" / "agent.json") if secret_in(one) in told]
    assert ports == []
    assert not marker.exists()
    assert newest["sample_seconds"] in (2, 5)


def test_settings_that_kill_the_agent_are_gone_within_a_minute_and_stop_the_rollout(parts: Rig) -> None:
    parts.start_agent(enrol=True)
    parts.until_arrived()
    put_settings(parts, 2)
    parts.until("the first settings proved good", lambda: kept(parts, "settings.json").get("version") == 1)
    parts.processes["agent"].send_signal(signal.SIGTERM)
    parts.processes["agent"].wait(30)

    put_settings(parts, 3)
    began = time.monotonic()
    for _ in range(2):
        parts.start_agent(MACHXA_CRASH="agent_config_applied")
        parts.wait_dead("agent")
    parts.start_agent(MACHXA_CRASH="agent_config_applied")
    parts.until_arrived()
    took = time.monotonic() - began

    print(f"back on the last good settings after {took:.1f} s, two deaths included")
    assert parts.processes["agent"].poll() is None
    assert took < 60
    assert kept(parts, "settings.json")["version"] == 1
    parts.until(
        "the rollout has stopped", lambda: "settings 2: stopped" in machxa("rollout", "status", "--data", data(parts))
    )
    names = [one["name"] for one in parts.get("/api/v1/events?limit=100")["events"]]
    assert names.count("machxa.agent.settings_reverted") == 2
    assert names.count("machxa.agent.settings_refused") == 1
