"""Run a private PostgreSQL for the tests of a process: its own folder and socket, no network, ended by its pid.

A database costs 130 ms to make and drop, so that tests take turns on a few: what one left is deleted before the next.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from machxa_collector.store.engine import open_store

USER = "machxa"
_MOST_SOCKET_PATH = 80  # of the 107 bytes that a socket's address may have
_START_SECONDS = 60.0
_OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
    "shared_buffers": "32MB",
    "max_connections": "200",
}
_CLEAN = """
CREATE FUNCTION clean() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    one record;
    is_used boolean;
BEGIN
    SET LOCAL session_replication_role = replica;  -- neither foreign keys nor our own triggers
    FOR one IN SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        AND relname NOT IN ('alembic_version', 'audit_head')
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', one.relname) INTO is_used;
        IF is_used THEN
            EXECUTE format('DELETE FROM %I', one.relname);
        END IF;
    END LOOP;
    DELETE FROM audit_head;
    INSERT INTO audit_head SELECT * FROM kept.audit_head;
    PERFORM setval(oid, 1, false) FROM pg_class WHERE relkind = 'S';
END $$;
CREATE SCHEMA kept;
CREATE TABLE kept.audit_head AS SELECT * FROM audit_head;
"""


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL's programs, None where there is none."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda one: int(one.parts[4]))
    if found:
        return found[-1].parent
    other = shutil.which("postgres")
    return None if other is None else Path(other).resolve().parent


@dataclass(slots=True)
class Cluster:
    """Hold a running server; ``folder`` is where its socket is."""

    folder: Path
    pid: int
    _free: list[str] = field(default_factory=list)
    _made: int = 0

    def url(self, database: str) -> str:
        """Return the address of a database."""
        return f"postgresql://{USER}@/{database}?host={self.folder}"

    def made(self, *, template: str = "template0") -> str:
        """Return the name of a new database."""
        self._made += 1
        name = f"t{self._made}"
        sorted_otherwise = "ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'vi'"  # than SQLite does
        self._tell(f"CREATE DATABASE {name} TEMPLATE {template} {sorted_otherwise}")
        return name

    def drop(self, database: str) -> None:
        """Delete a database, whoever is connected."""
        self._tell(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")

    def listed(self, dump: Path) -> bytes:
        """Return what is in a copy that pg_dump made, as SQL."""
        where = programs()
        assert where is not None
        return subprocess.run([where / "pg_restore", "--file=-", dump], check=True, capture_output=True).stdout

    @contextmanager
    def migrated(self) -> Iterator[str]:
        """Lend the address of a database with this release's schema and nothing in it."""
        name = self._free.pop() if self._free else self._migrated()
        try:
            yield self.url(name)
        finally:
            self._tell(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'")  # noqa: S608 - ours
            self._run(name, "SELECT clean()")
            self._free.append(name)

    def _migrated(self) -> str:
        if self._made == 0:
            first = self.made()
            open_store(self.url(first)).dispose()
            self._run(first, _CLEAN)
        return self.made(template="t1")

    def _tell(self, statement: str) -> None:
        self._run("postgres", statement)

    def _run(self, database: str, statement: str) -> None:
        engine = _plain(self.url(database))
        try:
            with engine.connect() as connection:
                connection.execute(text(statement.replace(":", "\\:")))
        finally:
            engine.dispose()


@contextmanager
def cluster() -> Iterator[Cluster]:
    """Start a server, and end it; the test that asks is skipped where PostgreSQL is not installed."""
    where = programs()
    if where is None or not (where / "initdb").exists():
        pytest.skip("needs PostgreSQL (Debian's package postgresql)")
    owner = _owner()
    folder = Path(tempfile.mkdtemp(prefix="mx-pg-", dir=_short_folder()))
    try:
        folder.chmod(0o755)
        if owner is not None:
            os.chown(folder, owner, pwd.getpwuid(owner).pw_gid)
        yield from _running(where, folder, owner)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _running(where: Path, folder: Path, owner: int | None) -> Iterator[Cluster]:
    group = None if owner is None else pwd.getpwuid(owner).pw_gid
    kept = folder / "data"
    subprocess.run(
        [where / "initdb", "-D", kept, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
        check=True, capture_output=True, user=owner, group=group, extra_groups=_extra(owner), cwd=folder,
    )  # fmt: skip
    options = [word for name, value in _OPTIONS.items() for word in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [where / "postgres", "-D", kept, "-k", folder, *options],
            stdout=log, stderr=log, user=owner, group=group, extra_groups=_extra(owner), cwd=folder,
        )  # fmt: skip
    try:
        begun = Cluster(folder, server.pid)
        _wait(begun, server, folder / "log")
        yield begun
    finally:
        server.send_signal(signal.SIGQUIT)  # at once: nothing of it is needed any more
        server.wait(_START_SECONDS)


def _wait(begun: Cluster, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    engine = _plain(begun.url("postgres"))
    while True:
        try:
            engine.connect().close()
        except OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(log.read_text(errors="replace")) from None
            time.sleep(0.05)
        else:
            break
    engine.dispose()


def _plain(url: str) -> Engine:
    return create_engine(url.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT")


def _owner() -> int | None:
    """Return as whom the server runs: it refuses root; None is ourselves."""
    if os.getuid() != 0:
        return None
    try:
        return pwd.getpwnam("postgres").pw_uid
    except KeyError:
        pytest.skip("PostgreSQL refuses root, and there is no user postgres")


def _extra(owner: int | None) -> list[int] | None:
    return None if owner is None else []


def _short_folder() -> str | None:
    """Return where a socket's path is short enough, None for the usual folder."""
    return "/tmp" if len(tempfile.gettempdir()) > _MOST_SOCKET_PATH else None  # noqa: S108 - mkdtemp makes one of its own
