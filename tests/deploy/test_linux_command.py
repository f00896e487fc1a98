"""The command of a collector's computer runs as the collector's user on its data, each argument as it was given."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

COMMAND = Path(__file__).parents[2] / "deploy" / "linux" / "machxa"


@pytest.mark.skipif(shutil.which("sh") is None, reason="there is no sh here")
def test_whoever_is_root_the_collector_s_user_runs_it(tmp_path: Path) -> None:
    for name, text in (("id", "echo root"), ("runuser", 'printf "%s\\n" "$MACHXA_DATA" "$@"')):
        stub = tmp_path / name
        stub.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        stub.chmod(0o755)
    around = {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}

    told = subprocess.run(
        ["sh", str(COMMAND), "user", "add", "lan.it", "--name", "Trần Thị Lan"],
        env=around, capture_output=True, text=True, check=True,
    )  # fmt: skip

    assert told.stdout.splitlines() == [
        *("/var/lib/machxa", "-u", "machxa", "--", "/opt/machxa/.venv/bin/machxa"),
        *("user", "add", "lan.it", "--name", "Trần Thị Lan"),
    ]
    assert COMMAND.stat().st_mode & 0o111
