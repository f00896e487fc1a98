"""Give the collector's tests a real SQLite store."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.collector.builders import Known, enrol
from tests.collector.stores import fresh_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Engine]:
    """Return an open store, empty but for its schema."""
    engine = fresh_store(tmp_path / "machxa.db")
    yield engine
    engine.dispose()


@pytest.fixture
def agent(store: Engine) -> Known:
    """Return an enrolled agent."""
    return enrol(store)
