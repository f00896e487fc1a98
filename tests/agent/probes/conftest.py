from __future__ import annotations

from pathlib import Path

import pytest

_RECORDINGS = Path(__file__).parents[2] / "recordings" / "agent"


@pytest.fixture
def desktop() -> Path:
    return _RECORDINGS / "desktop"


@pytest.fixture
def laptop() -> Path:
    return _RECORDINGS / "laptop"


@pytest.fixture
def host() -> Path:
    return _RECORDINGS.parent / "host"
