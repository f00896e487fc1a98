"""Give the broker's tests their ground."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from machxa_fleet import mosquitto
from tests.broker.ground import Ground, opened


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """Return a broker as shipped, a collector and agents; one for all cases of a module."""
    if mosquitto.find() is None:
        pytest.skip("mosquitto is not installed")
    with opened(tmp_path_factory.mktemp("ground")) as made:
        yield made
