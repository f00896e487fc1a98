"""A router's script, which cannot sign, comes in by its certificate; what it says is kept and shown as unsigned."""

from __future__ import annotations

import json
import shutil
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from machxa_fleet.mosquitto import find
from tests.broker.test_beside import _COMMAND, MOST_SECONDS, Centre, centre, enrol, until

__all__ = ["centre"]

pytestmark = [
    pytest.mark.broker,
    pytest.mark.skipif(find() is None, reason="mosquitto is not installed"),
    pytest.mark.skipif(shutil.which("mosquitto_pub") is None, reason="mosquitto-clients is not installed"),
]


def asked(centre: Centre, path: str) -> dict[str, Any]:
    with urllib.request.urlopen(f"http://127.0.0.1:{centre.page}/api/v1/{path}", timeout=10) as answer:
        told: dict[str, Any] = json.load(answer)
    return told


def test_a_routers_script_is_heard_without_a_signature_and_shown_as_such(centre: Centre, tmp_path: Path) -> None:
    _, port, _ = enrol(centre)
    made = [*_COMMAND, "agent", "unsigned", "Router", "--data", str(centre.data), "--to", str(tmp_path / "router")]
    agent = subprocess.run(made, check=True, capture_output=True, text=True).stdout.split()[0]

    subprocess.run(["sh", str(tmp_path / "router" / "send.sh"), "127.0.0.1", str(port)], check=True, timeout=20)

    (router,) = [one for one in asked(centre, "assets")["assets"] if one["name"] == "Router"]
    path = f"assets/{router['id']}/samples?name=system.uptime"
    until(lambda: asked(centre, path)["series"], MOST_SECONDS)
    assert router["agent"] == {"id": agent, "role": "gateway", "unsigned": True}
    with urllib.request.urlopen(f"http://127.0.0.1:{centre.page}/assets/{router['id']}", timeout=10) as page:
        assert "Không ký" in page.read().decode()
