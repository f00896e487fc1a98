"""Look at a collector from its computer: disk, store, answers, certificates, copies. What cannot be seen is None."""

from __future__ import annotations

import json
import shutil
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from http.client import HTTPException
from importlib.metadata import version
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from machxa_collector import store_address
from machxa_collector.failure import CannotRunError
from machxa_collector.operating import postgres
from machxa_collector.operating.backup import STORE, SUFFIX
from machxa_collector.operating.rules import SILENT_DAYS, Seen
from machxa_collector.registry import certificates
from machxa_collector.store import copying
from machxa_collector.store.engine import connect
from machxa_collector.store.health import health

_ANSWER_SECONDS = 5.0
_MOST_ANSWER = 64 * 1024


def look(
    data: Path,
    url: str,
    now: datetime,
    *,
    broker_folder: Path | None,
    backups: Path | None,
    shown: Sequence[Path] = (),
) -> Seen:
    """Return what is seen; url is the collector's own, broker_folder where a mosquitto's certificates are kept.

    shown are certificates that stand elsewhere, such as a web front's.
    """
    store = data / "collector" / STORE
    seen = Seen(now=int(now.timestamp() * 1000), release=version("machxa"))
    with suppress(OSError):
        seen = replace(seen, free_bytes=shutil.disk_usage(data).free)
    try:
        address = store_address.known(data)
        seen = _store(seen, store) if address is None else _server(seen, address)
    except CannotRunError as exc:
        seen = replace(seen, store_fault=str(exc)[:200])
    answers, readiness = _asked(url)
    return replace(
        seen,
        answers=answers,
        readiness=readiness,
        certificates=_certificates(data, broker_folder, shown, now),
        backups=None if backups is None else _backups(backups),
    )


def _store(seen: Seen, store: Path) -> Seen:
    if not store.exists():
        return replace(seen, store_fault=f"{store} is not there")
    wal = store.with_name(store.name + "-wal")
    seen = replace(seen, store_bytes=store.stat().st_size, wal_bytes=wal.stat().st_size if wal.exists() else 0)
    try:
        seen = replace(seen, schema_known=copying.is_known(copying.revision(store)))
        if not seen.schema_known:
            return seen
        return _told(seen, connect(store))
    except (sqlite3.Error, SQLAlchemyError) as exc:
        return replace(seen, store_fault=str(exc).splitlines()[0][:200])


def _server(seen: Seen, address: str) -> Seen:
    """Return what a PostgreSQL says of the store in it."""
    try:
        size, revision = copying.size_and_revision(engine := connect(address))
        seen = replace(seen, store_bytes=size, schema_known=copying.is_known(revision))
        return _told(seen, engine) if seen.schema_known else seen
    except (ImportError, SQLAlchemyError) as exc:
        return replace(seen, store_fault=str(exc).splitlines()[0][:200])


def _told(seen: Seen, engine: Engine) -> Seen:
    try:
        found = health(engine, seen.now, SILENT_DAYS)
    finally:
        engine.dispose()
    return replace(
        seen,
        agents=found.agents,
        silent=found.silent,
        holes=found.holes,
        declared=found.declared,
        clock_offsets=found.clock_offsets,
        quarantined=found.quarantined,
        versions=found.versions,
        sinks=found.sinks,
        members={one.name: (one.silent_ms / 1000, one.is_leader) for one in found.members},
    )


def _asked(url: str) -> tuple[bool, Mapping[str, tuple[bool, str]] | None]:
    """Return whether the collector answers, and its own checks; None where it tells none."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # an office's proxy does not know it
    try:
        try:
            with direct.open(f"{url.rstrip('/')}/readyz", timeout=_ANSWER_SECONDS) as answer:
                body = answer.read(_MOST_ANSWER)
        except urllib.error.HTTPError as exc:
            body = exc.read(_MOST_ANSWER)  # 503 says why
    except (OSError, ValueError, HTTPException):  # the last one: it speaks something else than HTTP
        return False, None
    try:
        checks = json.loads(body)["checks"]
        return True, {str(name): (bool(one["ok"]), str(one["detail"])[:200]) for name, one in checks.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return True, None


def _certificates(
    data: Path, broker_folder: Path | None, shown: Sequence[Path], now: datetime
) -> Mapping[str, float | None]:
    """Return the days left of each certificate that stands where ours do; None: one that was named cannot be read."""
    home = data / "collector"
    places = [home / "ca" / "ca.pem", home / "mosquitto" / "server.pem"]
    if broker_folder is not None:
        places.append(broker_folder / "server.pem")
    left: dict[str, float | None] = dict.fromkeys(map(str, shown))
    for place in (*places, *shown):
        with suppress(OSError, ValueError):
            ends = certificates.described(place.read_bytes()).not_after
            left[str(place)] = (ends - now.astimezone(UTC)).total_seconds() / 86_400
    return left


def _backups(folder: Path) -> tuple[int, ...]:
    """Return when each copy in a folder was made, by its name: a file that was moved has another date."""
    made = []
    for one in (*folder.glob(f"machxa-*{SUFFIX}"), *folder.glob(f"machxa-*{postgres.SUFFIX}")):
        with suppress(ValueError):
            at = datetime.strptime(one.stem, "machxa-%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            made.append(int(at.timestamp() * 1000))
    return tuple(made)
