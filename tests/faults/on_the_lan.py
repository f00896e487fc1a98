"""Run a standby whose centre is out of reach, then let the gateway's computer go; prints what came as JSON."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from machxa_agent import status
from machxa_fleet import mosquitto
from machxa_wire.roles import RoleOrder, encode_role

MATE = "192.168.1.20"
IDENTITY = {
    "agent": "0b9c3c4e-5b1f-4b57-9d0e-0f6f3f5f7a11",
    "shard": "a7",
    "key": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
}
WITHIN_SECONDS = 180.0
BOTH_SECONDS = 80.0  # longer than a standby waits for the centre


def main() -> None:
    data, is_silent = Path(sys.argv[1]), sys.argv[2] == "silent"
    data.mkdir()
    if is_silent:
        command = ["ip", "netns", "exec", "mate", "sysctl", "-qw", "net.ipv4.icmp_echo_ignore_all=1"]
        subprocess.run(command, check=True)
    nowhere = {"host": "127.0.0.1", "port": mosquitto.free_port(), "tls": False}
    (data / "agent.json").write_text(json.dumps({**IDENTITY, "broker": nowhere}))
    (data / "role.json").write_bytes(encode_role(RoleOrder(1, "standby", peer=MATE)))
    agent = subprocess.Popen([sys.executable, "-m", "machxa_agent.main", "run", "--data", str(data)])
    try:
        time.sleep(BOTH_SECONDS)  # the state itself: both are there, and nothing may happen
        was_on_duty = status.read(data).get("on_duty")
        subprocess.run(["ip", "-n", "mate", "link", "set", "lan", "down"], check=True)
        took = waited(lambda: _duty(data), WITHIN_SECONDS)
        subprocess.run(["ip", "-n", "mate", "link", "set", "lan", "up"], check=True)
        gave_back = waited(lambda: not _duty(data), WITHIN_SECONDS)
    finally:
        agent.terminate()
        agent.wait(30)
    print(json.dumps({"was_on_duty": was_on_duty, "took": round(took, 1), "gave_back": round(gave_back, 1)}))


def waited(is_so: Callable[[], bool], seconds: float) -> float:
    began = time.monotonic()
    while not is_so() and time.monotonic() - began < seconds:
        time.sleep(0.2)
    return time.monotonic() - began


def _duty(data: Path) -> bool:
    return bool(status.read(data).get("on_duty"))


if __name__ == "__main__":
    main()
