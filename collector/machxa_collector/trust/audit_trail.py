"""Verify, sign off and export the audit trail."""

from __future__ import annotations

import argparse
import csv
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from machxa_collector import data_folder
from machxa_collector.failure import CannotRunError
from machxa_collector.registry.audit import Root, read_root
from machxa_collector.store import audit
from machxa_collector.trust import whoami

Say = Callable[[str], None]

_FORMULA = frozenset("=+-@\t\r＝＋－＠")  # what spreadsheets take for one, full width too (CWE-1236)
_COLUMNS = ("seq", "at", "actor", "origin", "action", "subject", "result", "detail", "digest")


def run(options: argparse.Namespace, say: Say) -> int:
    """Do one act; return the exit status."""
    store = opened(options.data)
    try:
        return _ACTS[options.act](store, options, say)
    finally:
        store.dispose()


def _verify(store: Engine, options: argparse.Namespace, say: Say) -> int:
    signed = _signed(options.against) if options.against else ()
    found = audit.broken(store, signed)
    if found is not None:
        say(f"mục {found.seq} bị sai (entry {found.seq} {found.reason})")
        return 1
    days, newest = audit.roots(store), audit.head(store)
    first = max((one.root.seq for one in days if one.removed), default=0) + 1
    if newest.seq < first:
        say("nhật ký chưa có mục nào (the trail holds no entry)")
        return 0
    say(f"nhật ký nguyên vẹn: mục {first} đến {newest.seq} (the trail is whole: entries {first} to {newest.seq})")
    return 0


def _root(store: Engine, _options: argparse.Namespace, say: Say) -> int:
    for one in audit.roots(store):
        say(str(one))
    say(f"{_now()} {audit.head(store)}")
    return 0


def _export(store: Engine, options: argparse.Namespace, say: Say) -> int:
    audit.record_alone(store, whoami.act(data_folder.now_ms(), "audit.export", "audit"))
    newest = audit.head(store)
    try:
        file = os.open(options.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as exc:
        raise CannotRunError(
            f"không ghi được {options.file}: {exc.strerror}", f"{options.file} cannot be written: {exc.strerror}"
        ) from exc
    with os.fdopen(file, "w", encoding="utf-8-sig", newline="") as out:
        table = csv.writer(out, quoting=csv.QUOTE_ALL)
        table.writerow([_cell(one) for one in ("machxa audit", whoami.user(), _now(), str(newest))])
        table.writerow(_COLUMNS)
        for one in audit.every(store):
            at = datetime.fromtimestamp(one.at / 1000, UTC).isoformat(timespec="milliseconds")
            told = (one.actor, one.origin, one.action, one.subject, one.result, one.detail, one.digest.hex())
            table.writerow([str(one.seq), at, *map(_cell, told)])
    say(f"đã ghi {newest.seq} mục vào {options.file} (entries up to {newest.seq} are in {options.file})")
    return 0


def _cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in _FORMULA else text


def _signed(path: Path) -> tuple[Root, ...]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return tuple(read_root(line) for line in lines if line.strip())
    except (OSError, ValueError) as exc:
        raise CannotRunError(f"không đọc được {path}: {exc}", f"{path} holds no roots: {exc}") from exc


def opened(data: Path) -> Engine:
    """Return the store of a data folder that a collector has made; raises CannotRunError for another."""
    if data_folder.is_new(data):
        raise CannotRunError(
            f"{data} không có dữ liệu của máy thu thập; chọn thư mục: --data DIR",
            f"{data} holds no collector's data; name its folder: --data DIR",
        )
    return data_folder.open_data(data)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


_ACTS = {"verify": _verify, "root": _root, "export": _export}
