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
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from machxa_collector.registry import certificates
from machxa_fleet import mosquitto, secured, stage
from machxa_fleet.secured import Secured
from machxa_fleet.simulated import Credentials
from tests.bench.apart import apart, environment, mapped_files, quiet
from tests.bench.first_hello import starts

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
        report["first_hello_ms"] = starts(broker, given[0], _agent(options.python, homes[0]), options.starts)
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
    tried = quiet(command)
    time.sleep(_SETTLE_SECONDS)
    files = mapped_files(tried.pid)
    tried.terminate()
    tried.wait(30)
    return apart(command, files, folder)


def _meter(meter: Path, port: int, how: list[str], command: list[str], log: Path) -> subprocess.Popen[str]:
    asked = [sys.executable, str(meter), "--no-broker", "--port", str(port), *how]
    asked += ["--keep-output", str(log), "--", *command]
    return subprocess.Popen(asked, stdout=subprocess.PIPE, text=True, env=environment())


def _end(meter: subprocess.Popen[str]) -> None:
    """End a meter that still runs, with the program it measures."""
    if meter.poll() is None:
        children = Path(f"/proc/{meter.pid}/task/{meter.pid}/children").read_text().split()
        for child in (*map(int, children), meter.pid):
            os.kill(child, signal.SIGTERM)
        meter.wait(30)


if __name__ == "__main__":
    sys.exit(main())
