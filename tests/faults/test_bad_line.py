"""A line of 20 % loss and 800 ms each way is called degraded; nobody behind it is called lost or down."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from machxa_fleet import mosquitto

pytestmark = pytest.mark.faults
HERE = Path(__file__).parent
TUNLINK = HERE.parents[2] / "shared" / "tools" / "tunlink.py"
SHORT, LONG = 3, 30  # rounds from which on it runs at all, and from which on for half an hour
MINUTES = 6


@pytest.mark.skipif(mosquitto.find() is None, reason="mosquitto is not installed")
def test_a_lossy_slow_line_is_degraded_and_nobody_behind_it_is_lost(tmp_path: Path, rounds: int) -> None:
    if rounds < SHORT:
        pytest.skip(f"takes {MINUTES + 1} minutes: --faults {SHORT}; half an hour: --faults {LONG}")
    tool = Path(os.environ.get("MACHXA_TUNLINK", str(TUNLINK)))
    if not tool.exists():
        pytest.skip(f"{tool} is not here: it carries the packets of the bad line")
    inside = ["unshare", "-rmn", "bash", str(HERE / "bad_line.sh")]
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        pytest.skip("unshare or ip (iproute2) is missing")
    tried = subprocess.run(["unshare", "-rmn", "test", "-w", "/dev/net/tun"], capture_output=True, check=False)
    if tried.returncode != 0:
        pytest.skip("network namespaces or /dev/net/tun are not to be had here")
    minutes = LONG if rounds >= LONG else MINUTES
    control, page = mosquitto.free_port(), mosquitto.free_port()
    arguments = [str(tmp_path), str(control), str(page), str(60 * minutes)]
    script = [sys.executable, str(HERE / "on_a_bad_line.py"), *arguments]

    said = subprocess.run(
        [*inside, str(tool), str(control), *script],
        capture_output=True,
        text=True,
        check=False,
        timeout=60 * minutes + 600,
    )

    assert said.returncode == 0, said.stdout[-2000:] + said.stderr[-2000:]
    told = json.loads(said.stdout)
    print(f"\n{minutes} minutes at 20 % loss, 800 ms each way:", json.dumps(told))
    assert {state for _, state in told["lines"]} <= {"up", "degraded"}
    assert "lost" not in told["presence_seconds"]
    assert [one for one in told["incidents"] if one[:2] != ["line", "degraded"]] == []
    assert "degraded" in [state for _, state in told["lines"]]
    assert "degraded" in [state for _, state, *_ in told["incidents"]]
