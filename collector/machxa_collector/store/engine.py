"""Open the store, SQLite by default or PostgreSQL by its address; its schema is brought up to date first."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text

from machxa_collector.registry.sealing import Keyring
from machxa_collector.store.sealed import give_keys

_BUSY_SECONDS = 15
_CONNECTIONS_BEYOND_POOL = 45  # the web server has 40 threads, and the intake must never wait behind them
_CACHE_KIB = 16 * 1024
_MIGRATING = 0x6D780000  # the advisory lock of whoever changes the schema
_POSTGRESQL = {
    "connect_timeout": 5,  # seconds; libpq's own words from here on
    "keepalives_idle": 5,
    "keepalives_interval": 3,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,  # ms; a server that is gone without a word is noticed
    "application_name": "machxa",
    "options": f"-c lock_timeout={_BUSY_SECONDS}s -c idle_in_transaction_session_timeout=30s -c timezone=UTC",
}


def open_store(place: str | Path, seals: Keyring | None = None) -> Engine:
    """Return an engine on a file or address, migrated to this release's schema; seals seal agents' keys there.

    SQLite runs in WAL with synchronous=FULL: a committed transaction survives a power cut. PostgreSQL's default does.
    """
    engine = connect(place)
    give_keys(engine, seals)
    migrate(engine)
    return engine


def connect(place: str | Path) -> Engine:
    """Return an engine without touching the schema."""
    if isinstance(place, str) and "://" in place:
        return _postgresql(place) if place.startswith("postgresql") else create_engine(place)
    path = Path(place)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)  # it holds the agents' keys
    engine = create_engine(
        f"sqlite:///{path}", connect_args={"timeout": _BUSY_SECONDS}, max_overflow=_CONNECTIONS_BEYOND_POOL
    )
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def migrate(engine: Engine, revision: str = "head") -> None:
    """Bring the schema forward to a revision, this release's newest by default."""
    with engine.begin() as connection:
        _only_one(connection)
        command.upgrade(_config(connection), revision)
        _sort_by_bytes(connection)


def go_back(engine: Engine, revision: str) -> None:
    """Bring the schema back to an older release's revision; what only newer ones keep is dropped."""
    with engine.begin() as connection:
        _only_one(connection)
        command.downgrade(_config(connection), revision)


def _postgresql(address: str) -> Engine:
    url = make_url(address).set(drivername="postgresql+psycopg")
    told = {name: value for name, value in _POSTGRESQL.items() if name not in url.query}
    return create_engine(
        url,
        connect_args=told,
        pool_pre_ping=True,  # a server that was started anew costs no request its answer
        max_overflow=_CONNECTIONS_BEYOND_POOL,
        paramstyle="format",  # the intake's statements, compiled once, take their values by place
    )


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", "machxa_collector.store:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _only_one(connection: Connection) -> None:
    """Make a second starter wait until the first one's schema is committed."""
    if connection.dialect.name == "sqlite":
        # Python's sqlite3 begins no transaction before DDL: a migration cut off halfway would leave tables
        # behind that the next start cannot make again.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _MIGRATING})


def _sort_by_bytes(connection: Connection) -> None:
    """Give every text column the collation "C": a page of rows then comes in SQLite's order, whatever the database's.

    What people read in an order is sorted by ``registry.units.collation``.
    """
    if connection.dialect.name == "sqlite":
        return
    found = connection.execute(text(_OTHER_COLLATIONS)).all()
    for table in dict.fromkeys(row.relname for row in found):
        acts = ", ".join(
            f'ALTER COLUMN "{row.attname}" TYPE {row.kind} COLLATE "C"' for row in found if row.relname == table
        )
        connection.execute(text(f'ALTER TABLE "{table}" {acts}'))


_OTHER_COLLATIONS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod) AS kind
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
  AND a.attcollation NOT IN (0, (SELECT oid FROM pg_collation WHERE collname = 'C'))
ORDER BY c.relname, a.attnum
"""


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
