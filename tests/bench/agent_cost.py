"""Measure what the agent costs a PC: memory, processor time, bytes on the line, and the time to its first hello.

``python -m tests.bench.agent_cost --meter measure_agent.py [--duration 1800] [--starts 10]`` prints one JSON object. It
wants root, mosquitto and collectd-core with libmosquitto1. The agent runs as on a PC: every default probe, outbox,
TLS 1.3 with a client certificate, the broker as shipped, a collector that acknowledges. Beside it, in the same
span: collectd with as many values over TLS 1.3 with a client certificate, and, while the agent warms up, a second agent
without the tricks that save memory. Each program runs from copies of the files it maps, so that no other process
shares the cost of its pages.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import paho.mqtt
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from machxa_collector.intake.address import USER, password_of
from machxa_collector.registry import certificates
from machxa_fleet import mosquitto, secured, stage
from machxa_fleet.secured import Secured
from machxa_fleet.simulated import Credentials
from machxa_wire.decode import decode
from machxa_wire.records import Hello
from tests.bench.apart import apart, mapped_files

COLLECTD = "/usr/sbin/collectd"
_DAYS = 30
# Debian's own Python, as on a PC, without what others hook into its start.
_PYTHON = "/usr/bin/python3 -S" if Path("/usr/bin/python3").exists() else sys.executable
_START_SECONDS = 30.0
_SETTLE_SECONDS = 4.0
# The modules that the agent's own imports leave out, loaded before them; pages once read are kept.
_WITHOUT_TRICKS = """
import sys, argparse, inspect, ipaddress, urllib.request, ssl, hashlib, base64, uuid, platform
from machxa_agent import main, pages
pages.Pages.give_back = lambda self: None
sys.exit(main.main())
"""
_COLLECTD = """
Interval 60
BaseDir "{folder}"
PIDFile "{folder}/collectd.pid"
PluginDir "/usr/lib/collectd"
TypesDB "/usr/share/collectd/types.db"
LoadPlugin cpu
LoadPlugin memory
LoadPlugin swap
LoadPlugin df
LoadPlugin disk
LoadPlugin interface
LoadPlugin load
LoadPlugin uptime
LoadPlugin mqtt
<Plugin cpu>
  ReportByCpu false
</Plugin>
<Plugin disk>
  Disk "/^[svn]d?[a-z0-9]+$/"
</Plugin>
<Plugin df>
  MountPoint "/"
</Plugin>
<Plugin mqtt>
  <Publish "centre">
    Host "127.0.0.1"
    Port "{port}"
    ClientId "collectd"
    QoS 1
    CACert "{ca}"
    CertificateFile "{certificate}"
    CertificateKeyFile "{key}"
    TLSProtocol "tlsv1.3"
  </Publish>
</Plugin>
"""


def main() -> int:
    """Measure and print."""
    options = _options()
    with ExitStack() as ends:
        folder = Path(ends.enter_context(tempfile.TemporaryDirectory(prefix="machxa-agent-cost-")))
        (folder / "broker").mkdir()
        broker = ends.enter_context(secured.running(folder / "broker"))
        centre = broker.mosquitto.listening.centre
        running = ends.enter_context(stage.collecting(folder, centre, "--broker-password-file", str(broker.password)))
        given = running.enrol(2)
        homes = [_home(folder / f"agent-{number}", broker, one) for number, one in enumerate(given)]
        report: dict[str, object] = {"bench": "agent", "load_average": os.getloadavg()[0], "python": options.python}
        report["first_hello_ms"] = _starts(options, broker, given[0], homes[0])
        report.update(_costs(options, folder, broker, homes, ends))
    print(json.dumps(report, indent=1))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--meter", type=Path, required=True, metavar="FILE", help="measure_agent.py")
    parser.add_argument("--warmup", type=float, default=330.0, metavar="S")
    parser.add_argument("--duration", type=float, default=1800.0, metavar="S")
    parser.add_argument("--starts", type=int, default=10, metavar="N", help="starts of which the first hello is timed")
    parser.add_argument("--python", default=_PYTHON, metavar="COMMAND", help=f"runs the agent ({_PYTHON})")
    options = parser.parse_args()
    options.python = options.python.split()
    return options


def _home(folder: Path, broker: Secured, given: Credentials) -> Path:
    """Make an agent's data folder as enrolment with TLS leaves it."""
    folder.mkdir()
    key, pem = certificates.new_client(broker.authority, given.agent, datetime.now(UTC), _DAYS)
    (folder / "agent.pem").write_bytes(key + pem)
    identity = {
        "agent": given.agent,
        "shard": given.shard,
        "key": _text_of(given.key),
        "role": "pc",
        "broker": {"host": "127.0.0.1", "port": broker.mosquitto.listening.agents, "tls": True},
        "ca": broker.authority.certificate_pem.decode(),
        "certificate": pem.decode(),
    }
    (folder / "agent.json").write_text(json.dumps(identity), encoding="utf-8")
    return folder


def _text_of(key: bytes) -> str:
    import base64  # noqa: PLC0415 - here alone

    return base64.urlsafe_b64encode(key).decode().rstrip("=")


def _agent(interpreter: list[str], home: Path, *, tricks: bool = True) -> list[str]:
    how = ["-m", "machxa_agent.main"] if tricks else ["-c", _WITHOUT_TRICKS]
    return [*interpreter, *how, "run", "--data", str(home)]


def _starts(options: argparse.Namespace, broker: Secured, given: Credentials, home: Path) -> dict[str, object]:
    """Return the milliseconds from the process's start to its hello at the broker, of warm starts."""
    took: list[float] = []
    busy: list[int] = []
    interpreter, count = options.python, options.starts
    with _hearing(broker, given) as heard:
        for number in range(count + 1):
            heard.clear()
            started = time.monotonic()
            agent = _quiet(_agent(interpreter, home))
            while not heard and time.monotonic() - started < _START_SECONDS:
                time.sleep(0.001)
            if number and heard:  # the first one warms up
                took.append(1000 * (heard[0] - started))
                busy.append(_busy_ms(agent.pid))
            agent.terminate()
            agent.wait(30)
    ordered = sorted(round(one) for one in took)
    return {
        "runs": ordered,
        "median": statistics.median(ordered) if ordered else None,
        "cpu_ms": sorted(busy),  # what it would take on a processor of its own
        "asked": count,
    }


def _busy_ms(pid: int) -> int:
    """Return the processor time of a process's threads, proc(5): schedstat."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((one / "schedstat").read_text().split()[0]) for one in tasks) // 1_000_000


@contextmanager
def _hearing(broker: Secured, given: Credentials) -> Iterator[list[float]]:
    """Listen at the broker for an agent's hellos; give the list of the moments they came."""
    heard: list[float] = []
    client = Client(CallbackAPIVersion.VERSION2, client_id="bench", protocol=MQTTProtocolVersion.MQTTv5)
    client.username_pw_set(USER, password_of(broker.centre))

    def connected(*_: object) -> None:
        client.subscribe(f"mx/1/{given.shard}/{given.agent}/up")

    def came(_client: object, _user: object, message: MQTTMessage) -> None:
        if isinstance(decode(bytes(message.payload)), Hello):
            heard.append(time.monotonic())

    client.on_connect = connected
    client.on_message = came
    client.connect("127.0.0.1", broker.centre.port)
    client.loop_start()
    try:
        yield heard
    finally:
        client.disconnect()
        client.loop_stop()


def _costs(
    options: argparse.Namespace, folder: Path, broker: Secured, homes: list[Path], ends: ExitStack
) -> dict[str, object]:
    """Measure agent and collectd side by side, and within the warm-up an agent without tricks."""
    port = broker.mosquitto.listening.agents
    quick = ["--warmup", str(options.warmup * 0.6), "--duration", str(options.warmup * 0.3)]
    whole = ["--warmup", str(options.warmup), "--duration", str(options.duration)]
    meters = {
        "agent": _meter(
            options.meter,
            port,
            whole,
            _apart(_agent(options.python, homes[0]), folder / "files-0"),
            folder / "agent.log",
        ),
        "agent_without_tricks": _meter(
            options.meter,
            port,
            quick,
            _apart(_agent(options.python, homes[1], tricks=False), folder / "files-1"),
            folder / "plain.log",
        ),
    }
    peer = ends.enter_context(_collectd(folder, broker))
    if peer is not None:
        meters["collectd"] = _meter(
            options.meter, peer[0], whole, _apart(peer[1], folder / "files-2"), folder / "c.log"
        )
    for meter in meters.values():
        ends.callback(_end, meter)
    report: dict[str, object] = {}
    for name, meter in meters.items():
        told, _ = meter.communicate(timeout=options.warmup + options.duration + 120)
        figures = json.loads(told) if meter.returncode == 0 else {"failed": meter.returncode}
        figures.pop("cmd", None)
        report[name] = figures
    log = (folder / "agent.log").read_text(encoding="utf-8", errors="replace").splitlines()
    report["agent_log"] = [line for line in log if " INFO " not in line][:20]
    return report


@contextmanager
def _collectd(folder: Path, broker: Secured) -> Iterator[tuple[int, list[str]] | None]:
    """Run a broker for collectd; give its port and collectd's command, None where it is not installed."""
    if not Path(COLLECTD).exists():
        yield None
        return
    peer = folder / "collectd"
    peer.mkdir()
    now = datetime.now(UTC)
    key, pem = certificates.new_client(broker.authority, "collectd", now, _DAYS)
    server_key, server = certificates.issue_server(broker.authority, ["127.0.0.1", "localhost"], now, _DAYS)
    files = {"ca": broker.authority.certificate_pem, "key": key, "certificate": pem}
    for name, content in (*files.items(), ("server", server), ("server-key", server_key)):
        (peer / name).write_bytes(content)
    peer.chmod(0o755)
    lines = f"cafile {peer}/ca\ncertfile {peer}/server\nkeyfile {peer}/server-key\nrequire_certificate true"
    with mosquitto.running(peer, f"user root\n{lines}") as port:
        paths = {name: str(peer / name) for name in files}
        (peer / "collectd.conf").write_text(_COLLECTD.format(folder=peer, port=port, **paths), encoding="utf-8")
        yield port, [COLLECTD, "-f", "-C", str(peer / "collectd.conf")]


def _apart(command: list[str], folder: Path) -> list[str]:
    """Return a command that runs from copies of the files that the program maps."""
    tried = _quiet(command)
    time.sleep(_SETTLE_SECONDS)
    files = mapped_files(tried.pid)
    tried.terminate()
    tried.wait(30)
    return apart(command, files, folder)


def _meter(meter: Path, port: int, how: list[str], command: list[str], log: Path) -> subprocess.Popen[str]:
    asked = [sys.executable, str(meter), "--no-broker", "--port", str(port), *how]
    asked += ["--keep-output", str(log), "--", *command]
    return subprocess.Popen(asked, stdout=subprocess.PIPE, text=True, env=_environment())


def _end(meter: subprocess.Popen[str]) -> None:
    """End a meter that still runs, with the program it measures."""
    if meter.poll() is None:
        children = Path(f"/proc/{meter.pid}/task/{meter.pid}/children").read_text().split()
        for child in (*map(int, children), meter.pid):
            os.kill(child, signal.SIGTERM)
        meter.wait(30)


def _quiet(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=_environment())


def _environment() -> dict[str, str]:
    """Return an environment in which Python keeps what it compiled."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    root, packages = Path(__file__).parents[2], Path(str(paho.mqtt.__file__)).parents[2]
    return {**kept, "PYTHONPATH": f"{root / 'agent'}:{packages}"}


if __name__ == "__main__":
    sys.exit(main())
