"""With the line down nobody can be told: the standby sees on the LAN that the gateway's computer is gone."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.faults
HERE = Path(__file__).parent
INSIDE = ["unshare", "-rmn", "bash", str(HERE / "lan.sh")]


MOST = 3  # rounds from which on both ways are played


@pytest.mark.parametrize("mate", ["ping", "silent"])
def test_a_standby_without_the_centre_takes_over_when_the_gateways_computer_is_gone(
    tmp_path: Path, mate: str, rounds: int
) -> None:
    if mate == "silent" and rounds < MOST:
        pytest.skip(f"takes three minutes more: --faults {MOST}")
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        pytest.skip("unshare or ip (iproute2) is missing")
    tried = subprocess.run([*INSIDE, "true"], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        pytest.skip(f"network namespaces are not to be had here: {tried.stderr[-200:]}")
    ours = {**os.environ, "PYTHONPATH": f"{HERE.parents[1]}/agent"}
    asked = [*INSIDE, sys.executable, str(HERE / "on_the_lan.py"), str(tmp_path / "data"), mate]

    said = subprocess.run(asked, env=ours, capture_output=True, text=True, check=False, timeout=600)

    assert said.returncode == 0, said.stderr
    told = json.loads(said.stdout)
    print("standby on duty by its own judgement, s:", told)
    assert told["was_on_duty"] is False
    assert told["took"] < 180
    assert told["gave_back"] < 180
