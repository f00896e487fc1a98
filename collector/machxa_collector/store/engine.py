"""Open the store: SQLite by default, any SQLAlchemy URL else; its schema is brought up to date first."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event

from machxa_collector.registry.sealing import Keyring
from machxa_collector.store.sealed import give_keys

_BUSY_SECONDS = 15
_CONNECTIONS_BEYOND_POOL = 45  # the web server has 40 threads, and the intake must never wait behind them
_CACHE_KIB = 16 * 1024


def open_store(place: str | Path, seals: Keyring | None = None) -> Engine:
    """Return an engine on a file or URL, migrated to this release's schema; seals seal agents' keys there.

    SQLite runs in WAL with synchronous=FULL: a committed transaction survives a power cut.
    """
    engine = connect(place)
    give_keys(engine, seals)
    migrate(engine)
    return engine


def connect(place: str | Path) -> Engine:
    """Return an engine without touching the schema."""
    if isinstance(place, str) and "://" in place:
        return create_engine(place, pool_pre_ping=True)
    path = Path(place)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # it holds the agents' keys
    engine = create_engine(
        f"sqlite:///{path}", connect_args={"timeout": _BUSY_SECONDS}, max_overflow=_CONNECTIONS_BEYOND_POOL
    )
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def migrate(engine: Engine) -> None:
    """Bring the schema to this release's."""
    config = Config()
    config.set_main_option("script_location", "machxa_collector.store:migrations")
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            # Python's sqlite3 begins no transaction before DDL: a migration cut off halfway would leave tables
            # behind that the next start cannot make again. It also makes a second starter wait.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _prepare_sqlite(connection: object, _record: object) -> None:
    cursor = connection.cursor()  # type: ignore[attr-defined] # the DBAPI's connection, untyped in SQLAlchemy
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"cache_size=-{_CACHE_KIB}",
        "journal_size_limit=67108864",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
