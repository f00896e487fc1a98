from __future__ import annotations

import os
import subprocess
import sys

import psutil
import pytest

from machxa_fleet.postgresql import tree_seconds


def test_a_child_that_ends_while_it_is_counted_harms_no_bench(monkeypatch: pytest.MonkeyPatch) -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    ended = psutil.Process(child.pid)
    child.communicate(b"\n")
    monkeypatch.setattr(psutil.Process, "children", lambda _self, *, recursive: [ended] if recursive else [])

    assert tree_seconds(os.getpid()) > 0
