"""Run the agent as it is started in the field, over a real broker."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from machxa_agent import status
from machxa_wire.encode import encode_settings
from machxa_wire.records import Bye, Event, Facts, Samples, Settings
from tests.agent.centre import ADDRESS, KEY, Centre, until

pytestmark = pytest.mark.broker
ROOT = Path(__file__).parents[2]


def answer(port: int) -> dict[str, object]:
    """Return what enrolment gives."""
    return {
        "agent": ADDRESS.agent,
        "shard": ADDRESS.shard,
        "key": base64.urlsafe_b64encode(KEY).decode().rstrip("="),
        "broker": {"host": "127.0.0.1", "port": port, "tls": False},
    }


class Field:
    """Hold a data folder and the agent's process."""

    def __init__(self, folder: Path, port: int) -> None:
        self.data = folder / "data"
        self.data.mkdir()
        (self.data / "agent.json").write_text(json.dumps(answer(port)))
        self.config = folder / "agent.toml"
        self.config.write_text("sample_seconds = 1\nbatch_seconds = 2\n")
        self.process: subprocess.Popen[bytes] | None = None

    def run(self, *more: str, **environment: str) -> subprocess.Popen[bytes]:
        self.process = agent("run", "--data", str(self.data), "--config", str(self.config), *more, **environment)
        return self.process

    def stop(self) -> int:
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(30)


def agent(*arguments: str, **environment: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "agent"), **environment}
    command = [sys.executable, "-m", "machxa_agent.main", *arguments]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_it_samples_tells_what_it_is_and_says_good_bye(field: Field, centre: Centre) -> None:
    field.run()
    until("samples and facts arrived", lambda: {Samples, Facts} <= {type(one) for one in centre.records})

    assert field.stop() == 0

    until("it is off", lambda: centre.presences == ["on", "off"])
    names = [one.name for one in centre.records if isinstance(one, Event)]
    assert names == ["system.boot", "machxa.agent.start"]
    assert centre.hellos[0].newest is not None
    assert isinstance(centre.records[-1], Bye)
    assert centre.seqs == list(range(1, len(centre.seqs) + 1))


def test_a_second_start_goes_on_in_the_same_stream(field: Field, centre: Centre) -> None:
    for _ in range(2):
        seen = len(centre.records)
        field.run()
        until("samples arrived", lambda: any(isinstance(one, Samples) for one in centre.records[seen:]))  # noqa: B023
        field.stop()

    until("two good-byes arrived", lambda: sum(isinstance(one, Bye) for one in centre.records) == 2)
    assert {one.place.stream for one in centre.records if one.place} == {centre.hellos[0].stream}
    assert centre.seqs == list(range(1, len(centre.seqs) + 1))
    assert len({one.stamp.boot for one in centre.records}) == 2


def test_a_killed_agent_delivers_the_rest_after_its_next_start(field: Field, centre: Centre) -> None:
    centre.acknowledging = False
    field.run(MACHXA_CRASH="agent_after_publish_before_ack")
    assert field.process is not None
    assert field.process.wait(30) == -signal.SIGKILL
    centre.acknowledging = True

    field.run()

    until("everything is acknowledged", lambda: status.outbox(field.data)["waiting_records"] == 0)
    assert set(centre.seqs) == set(range(1, max(centre.seqs) + 1))


def test_settings_from_the_collector_take_effect_and_last(field: Field, centre: Centre) -> None:
    field.config.write_text("sample_seconds = 3600\nbatch_seconds = 3600\n")
    centre.say(ADDRESS.config, encode_settings(Settings(5, 5, 5)), retain=True)
    field.run()

    until("a second batch came", lambda: sum(isinstance(one, Samples) for one in centre.records) >= 2)

    until("they proved good", (field.data / "settings.json").exists)
    assert json.loads((field.data / "settings.json").read_text())["version"] == 5


def test_a_second_agent_on_the_same_folder_does_not_start(field: Field, centre: Centre) -> None:
    field.run()
    until("the first is connected", lambda: centre.hellos)

    second = agent("run", "--data", str(field.data))
    _, told = second.communicate(timeout=30)

    assert second.returncode == 1
    assert b"another agent already runs" in told


def test_status_and_outbox_tell_people_and_programs(field: Field, centre: Centre) -> None:
    assert centre.acknowledging
    field.run()
    until("it noted its state", lambda: str(status.read(field.data).get("link")).startswith("connected"))
    shown, _ = agent("status", "--data", str(field.data), "--json").communicate(timeout=30)
    field.stop()
    stopped = agent("status", "--data", str(field.data))
    text, _ = stopped.communicate(timeout=30)
    holds, _ = agent("outbox", "--data", str(field.data), "--json").communicate(timeout=30)

    assert json.loads(shown)["running"] is True
    assert (stopped.returncode, b"running: False" in text) == (1, True)
    assert json.loads(holds)["waiting_records"] == 0


class Collector(BaseHTTPRequestHandler):
    """Answer an enrolment: once with 403, then with an identity."""

    port = 0
    asked: list[dict[str, object]] = []  # noqa: RUF012

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append(body)
        good = body["token"] == "good"  # noqa: S105 - no secret
        content = json.dumps(answer(self.port) if good else {"status": 403}).encode()
        self.send_response(201 if good else 403)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def collector(port: int) -> Iterator[str]:
    Collector.port, Collector.asked = port, []
    server = HTTPServer(("127.0.0.1", 0), Collector)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(10)
    server.server_close()


def test_run_enrols_first_and_keeps_trying(field: Field, centre: Centre, collector: str, tmp_path: Path) -> None:
    (field.data / "agent.json").unlink()
    kept = tmp_path / "kept"
    kept.write_text("bad")
    field.run("--enrol-url", collector, "--enrol-token-file", str(kept))
    until("it was refused", lambda: Collector.asked)

    kept.write_text("good\n")

    until("it introduced itself", lambda: centre.hellos)
    assert (field.data / "agent.json").stat().st_mode & 0o777 == 0o600
    assert Collector.asked[-1]["role"] == "pc"


def test_enrol_tells_why_a_token_is_refused(tmp_path: Path, collector: str) -> None:
    process = agent("enrol", "--data", str(tmp_path / "new"), "--url", collector, "--token", "bad")
    _, told = process.communicate(timeout=30)

    assert process.returncode == 1
    assert b"refused the token" in told


def test_an_agent_that_is_not_enrolled_says_how_to_enrol(tmp_path: Path) -> None:
    process = agent("run", "--data", str(tmp_path / "new"))
    _, told = process.communicate(timeout=30)

    assert process.returncode == 1
    assert b"machxa-agent enrol --url URL --token TOKEN" in told
