"""Copy a store that is in use into a file of its own, and look at such a file: what each database does its own way."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text

from machxa_collector.store.enrolment import CANARY_ROLE

_BUSY_SECONDS = 15
_LOOK_SECONDS = 1.0

Progress = Callable[[int, int], None]  # bytes done, bytes in all


@dataclass(frozen=True, slots=True)
class Content:
    """Say what a store holds: its schema, how many agents, and when it heard last (ms since 1970 UTC), None: never."""

    revision: str
    agents: int
    newest_at: int | None


class UnsoundError(Exception):
    """Say why a file is no store that can be used."""


def copy(store: Path, to: Path, progress: Progress) -> None:
    """Copy a store as it stands at one moment, while others read and write; raises sqlite3.Error, OSError.

    In WAL a reader holds up nobody, so all pages are copied in one step: in several, each commit would begin it anew.
    """
    total = store.stat().st_size
    done = threading.Event()

    def tell() -> None:
        while not done.wait(_LOOK_SECONDS):
            progress(min(to.stat().st_size, total), total)

    telling = threading.Thread(target=tell, daemon=True)
    with closing(_open(store, "ro")) as source, closing(sqlite3.connect(to)) as target:
        telling.start()
        try:
            source.backup(target, pages=-1)
            target.execute("PRAGMA journal_mode=DELETE")  # one file, whole by itself
        finally:
            done.set()
            telling.join()
    progress(total, total)


def content(file: Path) -> Content:
    """Return what a sound store holds; raises UnsoundError."""
    try:
        with closing(_open(file, "ro")) as store:
            told = store.execute("PRAGMA quick_check(1)").fetchone()
            if told is None or told[0] != "ok":
                raise UnsoundError(f"quick_check: {told and told[0]!r:.200}")
            revision = store.execute("SELECT version_num FROM alembic_version").fetchone()
            agents = store.execute("SELECT count(*) FROM agents WHERE role <> ?", (CANARY_ROLE,)).fetchone()[0]
            newest = store.execute("SELECT max(last_at) FROM streams").fetchone()[0]
    except sqlite3.Error as exc:
        raise UnsoundError(str(exc)[:200]) from exc
    if revision is None:
        raise UnsoundError("it has no schema")
    return Content(str(revision[0]), int(agents), None if newest is None else int(newest))


def revision(file: Path) -> str:
    """Return the schema of a store in use, "" when it has none; raises sqlite3.Error."""
    with closing(_open(file, "ro")) as store:
        found = store.execute("SELECT version_num FROM alembic_version").fetchone()
    return "" if found is None else str(found[0])


def size_and_revision(engine: Engine) -> tuple[int, str]:
    """Return the bytes of a store in PostgreSQL, and its schema; raises SQLAlchemyError, also where it has none."""
    with engine.connect() as connection:
        size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
        return int(size), str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def is_known(revision: str) -> bool:
    """Return whether this release knows a schema: one that it made, or one that it can bring forward."""
    config = Config()
    config.set_main_option("script_location", "machxa_collector.store:migrations")
    config.set_main_option("path_separator", "os")
    return any(one.revision == revision for one in ScriptDirectory.from_config(config).walk_revisions())


def _open(file: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode={mode}", uri=True, timeout=_BUSY_SECONDS)
