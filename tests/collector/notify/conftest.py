"""Give each test a store of its own, migrated once for all, and one registry."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from machxa_collector.store import preferences
from machxa_collector.store.engine import connect
from machxa_collector.store.registry import LiveRegistry, Snapshot
from tests.collector.notify.centre import Centre
from tests.collector.stores import fresh_store


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Snapshot]:
    """Return a store's file with nothing but its home province, and its registry."""
    path = tmp_path_factory.mktemp("notify") / "machxa.db"
    engine = fresh_store(path)
    with engine.begin() as connection:
        preferences.set_home(connection, "86")
    registry = LiveRegistry(engine).current()
    engine.dispose()
    return path, registry


@pytest.fixture
def store(tmp_path: Path, migrated: tuple[Path, Snapshot]) -> Iterator[Engine]:
    """Return an open store."""
    engine = connect(shutil.copy(migrated[0], tmp_path / "machxa.db"))
    yield engine
    engine.dispose()


@pytest.fixture
def centre(store: Engine, migrated: tuple[Path, Snapshot]) -> Centre:
    """Return what tells people, over the store."""
    return Centre(store, migrated[1])
