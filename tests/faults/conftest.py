"""Give the fault tests a rig, and how often to repeat what is left to chance."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from machxa_fleet import mosquitto
from tests.faults.rig import Rig


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    """Return a rig whose parts have started."""
    if mosquitto.find() is None:
        pytest.skip("mosquitto is not installed: the fault tests run through a real broker")
    made = Rig(tmp_path)
    try:
        made.start()
        made.until_arrived()
        yield made
    finally:
        made.stop()
