"""Real packets over a line of network namespaces: who is pinged, who lets them die, and where the line is cut."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
INSIDE = ["unshare", "-rmn", "bash", str(HERE / "network.sh")]


@pytest.fixture
def inside() -> list[str]:
    """Return the command before the command; skips where the system lets nobody build networks."""
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        pytest.skip("unshare or ip (iproute2) is missing")
    tried = subprocess.run([*INSIDE, "true"], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        pytest.skip(f"network namespaces are not to be had here: {tried.stderr[-200:]}")
    return INSIDE


def test_a_line_is_told_broken_where_it_is_cut(tmp_path: Path, inside: list[str]) -> None:
    root = HERE.parents[2]
    ours = {**os.environ, "PYTHONPATH": f"{root}/agent"}
    asked = [*inside, sys.executable, str(HERE / "over_the_network.py"), str(tmp_path)]

    said = subprocess.run(asked, env=ours, capture_output=True, text=True, check=False, timeout=60)

    assert said.returncode == 0, said.stderr
    assert json.loads(said.stdout) == {
        "reached": {"first hop": "100.64.0.1", "anchor": True, "by another interface": False, "nobody": False},
        "faults": [None, "beyond", "carrier", "gateway"],
    }
