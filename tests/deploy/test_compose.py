"""The compose file is one that docker-compose takes, and mounts nothing that is not there."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

DEPLOY = Path(__file__).parents[2] / "deploy"
FILE = DEPLOY / "compose.yaml"
PROGRAM = shutil.which("docker-compose")
WRITTEN_BY_THE_OPERATOR = {"./compose/api-token"}


def services() -> dict[str, dict[str, Any]]:
    told: dict[str, dict[str, Any]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))["services"]
    return told


@pytest.mark.skipif(PROGRAM is None, reason="docker-compose is not installed: apt-get install docker-compose")
def test_docker_compose_finds_nothing_wrong() -> None:
    told = subprocess.run(
        [str(PROGRAM), "-f", str(FILE), "config", "-q"],
        env={**os.environ, "MACHXA_HOST": "mx.tinh.example"}, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert told.returncode == 0, told.stderr


def test_what_is_mounted_from_here_is_here() -> None:
    mounted = {one.split(":")[0] for each in services().values() for one in each.get("volumes", ())}
    wanted = {one for one in mounted if one.startswith(".")} - WRITTEN_BY_THE_OPERATOR

    assert wanted
    assert [one for one in wanted if not (DEPLOY / one).exists()] == []


def test_images_are_pinned_memory_is_bounded_and_only_two_doors_are_open() -> None:
    those = services().values()
    doors = {one for each in those for one in each.get("ports", ()) if not one.startswith("127.0.0.1:")}

    assert [one["image"] for one in those if ":" not in one["image"] or one["image"].endswith(":latest")] == []
    assert [one["image"] for one in those if "mem_limit" not in one] == []
    assert doors == {"8883:8883", "443:443"}
