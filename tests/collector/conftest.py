"""Give the collector's tests a real store: SQLite, and PostgreSQL as well where a test says what a store does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from machxa_collector.store.engine import connect
from tests.collector import postgres
from tests.collector.builders import Known, enrol
from tests.collector.stores import blank

ON_BOTH = frozenset({"store", "intake"})
ON_BOTH_WITH_TIME = ON_BOTH | {"sinks", "judging", "dossiers"}  # with --faults 3 or more
_MANY_ROUNDS = 3


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what asks for a store on both databases, in the folders that are about what is stored."""
    if "database" not in metafunc.fixturenames:
        return
    chosen = metafunc.config.getoption("--database")
    has_time = metafunc.config.getoption("--faults") >= _MANY_ROUNDS
    on_both = ON_BOTH_WITH_TIME if has_time else ON_BOTH
    is_sqlites_own = metafunc.definition.get_closest_marker("sqlite") is not None
    if chosen is None and not is_sqlites_own and metafunc.definition.path.parent.name in on_both:
        metafunc.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
    elif chosen is not None and not is_sqlites_own:
        metafunc.parametrize("database", [chosen])


@pytest.fixture
def database() -> str:
    """Return which database the store of a test is in."""
    return "sqlite"


@pytest.fixture(scope="session")
def server() -> Iterator[postgres.Cluster]:
    """Return a PostgreSQL of this process's own."""
    with postgres.cluster() as begun:
        yield begun


@pytest.fixture
def place(request: pytest.FixtureRequest, database: str, tmp_path: Path) -> Iterator[str]:
    """Return where a store is that holds its schema and nothing else: a file or an address."""
    if database == "sqlite":
        file = tmp_path / "machxa.db"
        file.write_bytes(blank())
        yield str(file)
        return
    begun: postgres.Cluster = request.getfixturevalue("server")
    with begun.migrated() as url:
        yield url


@pytest.fixture
def store(place: str) -> Iterator[Engine]:
    """Return an open store, empty but for its schema."""
    engine = connect(place)
    yield engine
    engine.dispose()


@pytest.fixture
def agent(store: Engine) -> Known:
    """Return an enrolled agent."""
    return enrol(store)
