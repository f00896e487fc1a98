"""Give every test of the outbox both kinds of outbox."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.agent.outboxes import Maker


@pytest.fixture(params=["disk", "memory"])
def maker(request: pytest.FixtureRequest, tmp_path: Path) -> Maker:
    return Maker(tmp_path, on_disk=request.param == "disk")


@pytest.fixture
def disk(tmp_path: Path) -> Maker:
    return Maker(tmp_path, on_disk=True)
