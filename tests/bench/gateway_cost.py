"""Measure what a running gateway costs that polls 40 devices every five minutes: CPU, memory, bytes to the centre.

``python -m tests.bench.gateway_cost [--devices 40] [--seconds 900] [--warmup 330] [--folder DIR]`` prints one JSON
line. It wants mosquitto. The agent is the real one, with every probe, outbox, TLS and client certificate; the broker is
as shipped, the collector acknowledges; the devices answer from recordings over UDP in a process of their own, their
counters counting. Beside it runs the same agent without devices: what devices cost is the difference. Bytes are the TCP
connection's, both ways, counted by a proxy; CPU is the agent's own with the children it waited for.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from machxa_collector.registry import certificates
from machxa_fleet import secured, stage
from machxa_fleet.counting import CountingProxy
from machxa_fleet.secured import Secured
from machxa_fleet.simulated import Credentials

ROOT = Path(__file__).parents[2]
RECORDINGS = ROOT / "tests" / "recordings" / "snmp"
_TICKS = os.sysconf("SC_CLK_TCK")
_HOUR = 3600.0


@dataclass
class Measured:
    """Hold one agent under measurement."""

    agent: subprocess.Popen[bytes]
    proxy: CountingProxy
    at: tuple[float, int, int] = (0.0, 0, 0)  # CPU seconds, bytes sent and got when the span began
    most_pss: int = 0

    def now(self) -> tuple[float, int, int]:
        """Return CPU seconds, with those of ended children, and the bytes it sent and got."""
        fields = Path(f"/proc/{self.agent.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / _TICKS, self.proxy.up, self.proxy.down

    def pss(self) -> int:
        """Return the proportional set size in bytes."""
        text = Path(f"/proc/{self.agent.pid}/smaps_rollup").read_text(encoding="ascii")
        return next(int(line.split()[1]) * 1024 for line in text.splitlines() if line.startswith("Pss:"))


def main() -> int:
    """Measure and print; with ``devices N FOLDER`` be the devices."""
    if sys.argv[1:2] == ["devices"]:
        return _devices(int(sys.argv[2]), Path(sys.argv[3]))
    options = _options()
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="machxa-gateway-cost-")))
        (folder / "broker").mkdir()
        broker = ends.enter_context(secured.running(folder / "broker"))
        centre = broker.mosquitto.listening.centre
        running = ends.enter_context(stage.collecting(folder, centre, "--broker-password-file", str(broker.password)))
        ports = _started(options, ends)
        given = running.enrol(2)
        agents = [
            _agent(folder / f"agent-{number}", broker, one, polled, ends)
            for number, (one, polled) in enumerate(zip(given, (ports, []), strict=True))
        ]
        report = _measured(options, agents)
        report["assets"] = _assets(running.page)
        report["sent_again"] = [_sent_again(running.page, one) for one in given]
        log = (folder / "agent-0" / "log").read_text(encoding="utf-8", errors="replace").splitlines()
        report["log"] = [line for line in log if " INFO " not in line][:10]
    print(json.dumps(report))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--devices", type=int, default=40, metavar="N")
    parser.add_argument("--seconds", type=float, default=900.0, metavar="S", help="a multiple of 300 is fair")
    parser.add_argument("--warmup", type=float, default=330.0, metavar="S", help="in which facts and first states go")
    parser.add_argument("--folder", type=Path, default=RECORDINGS, metavar="DIR", help="of .snmprec files")
    return parser.parse_args()


def _started(options: argparse.Namespace, ends: ExitStack) -> list[int]:
    """Start the devices and return their ports."""
    command = [sys.executable, "-m", "tests.bench.gateway_cost", "devices", str(options.devices), str(options.folder)]
    child = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    ends.callback(lambda: child.communicate("", timeout=20))
    assert child.stdout is not None
    ports: list[int] = json.loads(child.stdout.readline())
    return ports


def _agent(home: Path, broker: Secured, given: Credentials, ports: list[int], ends: ExitStack) -> Measured:
    """Start an agent with a folder as enrolment leaves it."""
    home.mkdir()
    proxy = CountingProxy(broker.mosquitto.listening.agents)
    key, pem = certificates.new_client(broker.authority, given.agent, datetime.now(UTC), 30)
    (home / "agent.pem").write_bytes(key + pem)
    identity = {
        "agent": given.agent,
        "shard": given.shard,
        "key": base64.urlsafe_b64encode(given.key).decode().rstrip("="),
        "role": "gateway",
        "broker": {"host": "127.0.0.1", "port": proxy.port, "tls": True},
        "ca": broker.authority.certificate_pem.decode(),
        "certificate": pem.decode(),
    }
    (home / "agent.json").write_text(json.dumps(identity), encoding="utf-8")
    named = [f'[[device]]\nkey = "d{n}"\nhost = "127.0.0.1"\nport = {port}\n' for n, port in enumerate(ports, 1)]
    text = "[discovery]\nmay_ask_loopback_in_tests = true\n" + "".join(named)
    (home / "gateway.toml").write_text(text, encoding="utf-8")
    (home / "agent.toml").write_text(f'data = "{home}"\nrole = "gateway"\ngateway_file = "gateway.toml"\n', "utf-8")
    log = ends.enter_context((home / "log").open("wb"))
    command = [sys.executable, "-m", "machxa_agent.main", "run", "--config", str(home / "agent.toml")]
    agent = subprocess.Popen(command, stdout=log, stderr=log, cwd=home)
    ends.callback(proxy.stop)
    ends.callback(agent.wait, 30)
    ends.callback(agent.terminate)
    return Measured(agent, proxy)


def _measured(options: argparse.Namespace, agents: list[Measured]) -> dict[str, object]:
    time.sleep(options.warmup)
    for one in agents:
        one.at = one.now()
    began = time.monotonic()
    while time.monotonic() - began < options.seconds:
        time.sleep(5.0)
        for one in agents:
            one.most_pss = max(one.most_pss, one.pss())
    took = time.monotonic() - began
    spent = [tuple(after - before for after, before in zip(one.now(), one.at, strict=True)) for one in agents]
    (cpu, sent, got), (plain_cpu, plain_sent, plain_got) = spent
    gateway, plain = agents
    return {
        "bench": "gateway",
        "devices": options.devices,
        "seconds": round(took, 1),
        "load_average": os.getloadavg()[0],
        "cpu_seconds_per_hour": round(cpu / took * _HOUR, 2),
        "cpu_seconds_per_hour_without_devices": round(plain_cpu / took * _HOUR, 2),
        "pss_mb": round(gateway.pss() / 1e6, 1),
        "most_pss_mb": round(gateway.most_pss / 1e6, 1),
        "pss_mb_without_devices": round(plain.pss() / 1e6, 1),
        "sent_bytes_per_hour": round(sent / took * _HOUR),
        "got_bytes_per_hour": round(got / took * _HOUR),
        "sent_bytes_per_hour_without_devices": round(plain_sent / took * _HOUR),
        "got_bytes_per_hour_without_devices": round(plain_got / took * _HOUR),
    }


def _assets(page: int) -> dict[str, int] | str:
    """Return how many assets of each kind the collector knows, one for each recording; else what is in the way."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{page}/api/v1/assets?limit=200", timeout=60) as answer:
            listed = json.load(answer)["assets"]
    except OSError as exc:
        return str(exc)
    kinds = [str(one["kind"]) for one in listed]
    return {kind: kinds.count(kind) for kind in sorted(set(kinds))}


def _sent_again(page: int, given: Credentials) -> int | str:
    """Return how many records came twice: on a busy computer acknowledgements are late, and bytes are more."""
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{page}/api/v1/agents/{given.agent}/ledger", timeout=60
        ) as answer:
            return sum(int(one["duplicates_refused"]) for one in json.load(answer)["streams"])
    except (OSError, KeyError) as exc:
        return repr(exc)


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


if __name__ == "__main__":
    sys.exit(main())
