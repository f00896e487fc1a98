"""Measure what a gateway costs that polls 40 devices every five minutes: CPU seconds an hour and PSS.

``python -m tests.bench.gateway_cost [SECONDS] [DEVICES] [FOLDER]`` plays one round in SECONDS (60) and prints one JSON
line. The devices answer from the recordings of a folder, in a process of their own; CPU is the gateway's alone, two
rounds measured, times twelve an hour.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import machxa_agent.light  # noqa: F401 - first, as in the agent

ROOT = Path(__file__).parents[2]
RECORDINGS = ROOT / "tests" / "recordings" / "snmp"
_ROUNDS = 2
_PER_HOUR = 12


def main() -> int:
    """Measure and print; with ``devices N`` be the devices."""
    if sys.argv[1:2] == ["devices"]:
        return _devices(int(sys.argv[2]), Path(sys.argv[3]))
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 40
    folder = sys.argv[3] if len(sys.argv) > 3 else str(RECORDINGS)
    command = [sys.executable, "-m", "tests.bench.gateway_cost", "devices", str(count), folder]
    child = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    try:
        ports = json.loads(child.stdout.readline())
        sys.stdout.write(json.dumps(_measured(ports, seconds)) + "\n")
    finally:
        child.communicate("", timeout=20)
    return 0


def _measured(ports: list[int], seconds: float) -> dict[str, object]:
    before = _pss_bytes()
    import machxa_agent.run  # noqa: F401, PLC0415 - a gateway is an agent, too
    from machxa_agent.devices.rounds import Rounds  # noqa: PLC0415
    from machxa_agent.probes import PROBES  # noqa: F401, PLC0415
    from machxa_agent.snmp.load import load_profiles  # noqa: PLC0415
    from machxa_agent.snmp.poll import poll  # noqa: PLC0415
    from machxa_agent.snmp.target import Limits, Target  # noqa: PLC0415

    agent = _pss_bytes()
    profiles = load_profiles()
    polled: list[bool] = []
    whole = threading.Event()

    def ask(target: Target) -> None:
        polled.append(poll(target, profiles, Limits()).device.identity.kind is not None)
        if len(polled) >= _ROUNDS * len(ports):
            whole.set()

    rounds = Rounds([Target("127.0.0.1", port) for port in ports], ask, seconds)
    started, clock = time.process_time(), time.monotonic()
    threading.Thread(target=rounds.run, daemon=True).start()
    whole.wait((_ROUNDS + 1) * seconds)
    rounds.stop()
    cpu = time.process_time() - started
    return {
        "bench": "gateway",
        "devices": len(ports),
        "polls": len(polled),
        "known": sum(polled),
        "took_seconds": round(time.monotonic() - clock, 1),
        "cpu_ms_per_poll": round(1000 * cpu / max(1, len(polled)), 2),
        "cpu_seconds_per_hour": round(cpu / _ROUNDS * _PER_HOUR, 2),
        "python_pss_mb": round(before / 1e6, 1),
        "agent_and_snmp_pss_mb": round(agent / 1e6, 1),
        "pss_mb": round(_pss_bytes() / 1e6, 1),
    }


def _devices(count: int, folder: Path) -> int:
    from machxa_fleet.snmp_devices import device  # noqa: PLC0415

    files = sorted(folder.glob("*.snmprec"))
    started = [device(files[number % len(files)]) for number in range(count)]
    for one in started:
        one.start()
    sys.stdout.write(json.dumps([one.port for one in started]) + "\n")
    sys.stdout.flush()
    sys.stdin.read()
    os._exit(0)


def _pss_bytes() -> int:
    text = Path("/proc/self/smaps_rollup").read_text(encoding="ascii")
    return next(int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:"))


if __name__ == "__main__":
    sys.exit(main())
