"""The script for routers that run OpenWrt, under busybox's shell: what it sends is taken, nothing strange is sent."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from machxa_fleet import stage
from machxa_wire.decode import decode
from machxa_wire.records import Samples
from tests.wine.centre import asked, until

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "deploy" / "openwrt" / "machxa-router.sh"
RECORDED = ROOT / "tests" / "recordings" / "openwrt"
pytestmark = [
    pytest.mark.broker,
    pytest.mark.skipif(shutil.which("busybox") is None, reason="busybox is not installed"),
    pytest.mark.skipif(bool(stage.missing()), reason=f"{', '.join(stage.missing())} is not installed"),
]
_UBUS = """\
#!/bin/sh
case "$2 $3" in
    "system info") cat "$ANSWERS/system-info.json" ;;
    "network.interface.wan status") cat "$ANSWERS/wan-status.json" ;;
    "network.device status") [ "$4" = '{"name":"pppoe-wan"}' ] && cat "$ANSWERS/device-status.json" ;;
esac
"""
_JSONFILTER = """\
import json, sys
node = json.load(sys.stdin)
for word in sys.argv[2][2:].split("."):
    node = node[word]
print({True: "true", False: "false"}.get(node, node) if isinstance(node, bool) else node)
"""


@pytest.fixture
def router(tmp_path: Path) -> Path:
    """Return a folder with a router's programs and answers, and its configuration."""
    programs, answers = tmp_path / "bin", tmp_path / "answers"
    programs.mkdir()
    shutil.copytree(RECORDED, answers)
    (programs / "ubus").write_text(_UBUS)
    (programs / "filter.py").write_text(_JSONFILTER)
    (programs / "jsonfilter").write_text(f'#!/bin/sh\nexec "{sys.executable}" -IS "{programs}/filter.py" "$@"\n')
    (programs / "pub").write_text('#!/bin/sh\nfor last; do :; done\nprintf %s "$last" >"$ANSWERS/sent"\n')
    for one in programs.iterdir():
        one.chmod(0o755)
    (tmp_path / "router.conf").write_text("BROKER=127.0.0.1\nAGENT=a\nTOPIC=t\nFOLDER=/nowhere\n")
    return tmp_path


def _report(router: Path, conf: str = "") -> subprocess.CompletedProcess[str]:
    with (router / "router.conf").open("a") as file:
        file.write(conf)
    path = f"{router / 'bin'}:{os.environ['PATH']}:/usr/sbin:/sbin"
    return subprocess.run(
        ["busybox", "ash", str(SCRIPT), str(router / "router.conf"), "once"],
        env={**os.environ, "PATH": path, "ANSWERS": str(router / "answers")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _sent(router: Path) -> dict[str, int | None]:
    """Return what the script would have sent: each series' value by its name and last label."""
    (router / "bin" / "pub").rename(router / "bin" / "mosquitto_pub")
    done = _report(router)
    assert (done.returncode, done.stderr) == (0, "")
    record = decode((router / "answers" / "sent").read_bytes())
    assert isinstance(record, Samples)
    return {
        " ".join([one.name, *(label[1] for label in one.labels)]): column[0]
        for one, column in zip(record.series, record.columns, strict=True)
    }


def test_its_record_is_one_of_the_wire_with_what_ubus_says(router: Path) -> None:
    assert _sent(router) == {
        "system.uptime": 345678,
        "system.memory.limit": 123990016,
        "system.linux.memory.available": 63700992,
        "hw.network.up wan": 1,
        "system.network.io wan receive": 98765432101,
        "system.network.errors wan receive": 3,
        "system.network.io wan transmit": 12345678901,
        "system.network.errors wan transmit": 0,
    }


def test_what_is_missing_or_strange_is_null_and_never_passed_on(router: Path) -> None:
    wan = json.loads((router / "answers" / "wan-status.json").read_text())
    strange = {**wan, "up": "yes", "l3_device": 'x","y":[$(touch /)]'}
    (router / "answers" / "wan-status.json").write_text(json.dumps(strange))
    (router / "answers" / "system-info.json").write_text('{"uptime": "1\\"]]}", "memory": {"total": -5}}')

    assert set(_sent(router).values()) == {None}


def test_a_configuration_that_says_too_little_is_refused(router: Path) -> None:
    done = _report(router, "TOPIC=\n")

    assert (done.returncode, "AGENT and TOPIC are needed" in done.stderr) == (2, True)


def test_a_collector_takes_what_it_sends_and_shows_it_as_unsigned(router: Path) -> None:
    with stage.running() as here:
        command = [sys.executable, "-m", "machxa_collector.main", "agent", "unsigned", "router-xa"]
        told = subprocess.run(
            [*command, "--to", str(router / "kit"), "--data", str(here.data)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        agent, topic = re.findall(r"[0-9a-f-]{36}", told)[0], re.findall(r"mx/1/\S+/up", told)[0]
        url = f"http://127.0.0.1:{here.page}/api/v1/assets"

        def taken() -> bool:
            assert _report(router, f"AGENT={agent}\nTOPIC={topic}\nPORT={here.broker}\n").returncode == 0
            found = [one for one in asked(url)["assets"] if one["agent"] and one["agent"]["unsigned"]]
            return bool(found) and bool(asked(f"{url}/{found[0]['id']}")["newest"])

        until("a report is committed", taken)
